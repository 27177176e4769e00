import { z } from 'zod'

/** What was found of one threshold of a load test. */
export const thresholdOutcome = z.strictObject({
  /** As written: `p99 < 100ms @ hold`. */
  threshold: z.string(),
  /** `inconclusive`: the measurements do not decide. `invalid`: one of its stages was not sent as planned. */
  outcome: z.enum(['pass', 'fail', 'inconclusive', 'invalid']),
  /**
   * Why. `interval`: by an interval that lies on one side of the limit; `around-limit`: it does not; `exact`: by a count or
   * a time that has no interval; `too-few-requests`: the percentile has no bound yet; `windows`: by what was
   * observed in all windows; `window`: one window fails beyond chance; `window-by-chance`: one window is beyond the
   * limit, which chance explains; `stopped-early`: the run was ended by this threshold; `nothing-measured`: no
   * request or check belongs to it; `stage-invalid`: a stage was not sent as planned; `cut-short`: the run ended before the
   * stages were over, and what was measured until then would pass; `no-valid-trial`: no trial of the arm is valid.
   */
  why: z.enum([
    ...(['interval', 'around-limit', 'exact', 'too-few-requests', 'windows'] as const),
    ...(['window', 'window-by-chance', 'stopped-early', 'nothing-measured'] as const),
    ...(['stage-invalid', 'cut-short', 'no-valid-trial'] as const),
  ]),
  /** Unit of `limit`, `value`, `low` and `high`. */
  unit: z.enum(['s', 'fraction', 'req/s', 'count']),
  limit: z.number().nonnegative(),
  /** What was measured; of windows, in the worst of them. Absent where nothing was, or it lies among the failed requests. */
  value: z.number().optional(),
  /** Interval of `value`; an end is absent where there is no bound. */
  low: z.number().optional(),
  high: z.number().optional(),
  /** Coverage of that interval. */
  confidence: z.number().min(0).max(1).optional(),
  /** Requests, checks or visits that it comes from. */
  n: z.int().nonnegative(),
  /** The worst window, in ms from the begin of the load. */
  window: z.strictObject({ fromMs: z.number(), toMs: z.number() }).optional(),
  /** When this threshold ended the run, in ms from the begin of the load. */
  stoppedAtMs: z.number().nonnegative().optional(),
})

/** What was found of one threshold of a load test. Times in seconds, shares as fractions. */
export type ThresholdOutcome = z.output<typeof thresholdOutcome>
