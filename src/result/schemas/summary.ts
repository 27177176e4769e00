import { z } from 'zod'
import { reason } from '../reason.ts'
import { count } from './values.ts'

/** An estimate over trials or pairs, with its interval. */
export const summary = z.strictObject({
  center: z.number(),
  /**
   * How `center` was computed: `mean` or `pseudo-median` (Hodges–Lehmann) of the trials, or of the log-ratios of pairs;
   * `shift` (Hodges–Lehmann) between the logarithms of two runs; `merged histograms`: a percentile of all requests.
   */
  estimator: z.enum(['mean', 'mean of logarithms', 'pseudo-median', 'shift', 'merged histograms']),
  low: z.number(),
  high: z.number(),
  /** `confidence`: an interval at that level. `range`: smallest and largest trial, because there are too few for an interval. */
  interval: z.enum(['confidence', 'range']),
  confidence: z.number().min(0).max(1),
  /** Trials, or pairs. */
  n: count,
  warnings: z.array(reason),
})
