import { z } from 'zod'
import { reason } from '../reason.ts'
import { count } from './values.ts'

/** An estimate over trials or pairs, with its interval. */
export const summary = z.strictObject({
  center: z.number(),
  /**
   * How `center` was computed: `mean of logarithms` (geometric mean) of the trials, whose quotients are the ratios; `mean`
   * of values that may be 0; `merged histograms`: a percentile of all requests. Results of earlier versions also have
   * `pseudo-median` and `shift` (Hodges–Lehmann).
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
