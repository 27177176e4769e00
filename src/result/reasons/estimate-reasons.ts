import { z } from 'zod'
import { amount, count, fraction, metric, text } from './values.ts'

/** What a driver and the witness measured, in req/s, and the ratio of the second to the first with a 95 % interval. */
const twoDrivers = {
  driver: text,
  witness: text,
  rate: amount,
  witnessRate: amount,
  ratio: amount,
  low: amount,
  high: amount,
} as const

/** What qualifies an estimate, a fit or a curve, or why there is none. */
export const estimateReasons = {
  /** The witness, a second driver, measured the same throughput: no difference is shown that matters. */
  'witness-agrees': z.strictObject(twoDrivers),
  /** The arm is disputed: driver and witness measured different throughputs, and neither figure is only a lower bound. */
  disputed: z.strictObject(twoDrivers),
  /** Driver and witness cannot be held against each other. `lower-bound`: the lower figure is a lower bound. */
  'witness-undecided': z.strictObject({
    driver: text,
    witness: text,
    rate: amount,
    witnessRate: amount,
    cause: z.enum(['few-trials', 'lower-bound']),
  }),
  /** The witness has no valid trial of the arm. */
  'witness-failed': z.strictObject({ driver: text, witness: text }),
  /** Trials of an arm that were discarded: their own verdicts hold the reasons. */
  'trials-discarded': z.strictObject({ discarded: count, trials: count }),
  /** A percentile needs `needed` requests to be printed. */
  'too-few-requests': z.strictObject({ metric, requests: count, needed: count }),
  /** A percentile lies among the requests that failed, in so many trials. */
  'percentile-failed': z.strictObject({ metric, failedTrials: count, trials: count }),
  /** So few trials give a range, no interval. */
  'too-few-trials': z.strictObject({ trials: count }),
  /** The percentile of all requests merged lies outside the interval of a typical trial's. */
  'percentile-uneven': z.strictObject({}),
  /** A test of so few pairs cannot reach the level, whatever their values. */
  'too-few-pairs': z.strictObject({ pairs: count, needed: count, confidence: fraction }),
  /** A rank-sum test of so few trials on each side cannot reach the level, whatever their values. */
  'too-few-trials-per-side': z.strictObject({
    base: count,
    head: count,
    needed: count,
    confidence: fraction,
  }),
  /** The reference load is not shown to cost the same beside both arms, so the ratio is as measured: ratio of its costs, with a 95 % interval. */
  'yardstick-not-equal': z.strictObject({ center: amount, low: amount, high: amount }),
  /** One of two arms left its CPUs idle, where the reference load costs more or less, so the ratio is as measured. */
  'yardstick-one-arm-idle': z.strictObject({}),
  /** The interval of a projection has no upper end. */
  'no-upper-bound': z.strictObject({}),
  /** Throughput grew faster than the cores between two core counts, beyond its error; parameters that are negative without bounds. */
  superlinear: z.strictObject({
    from: count.optional(),
    to: count.optional(),
    sigma: amount.optional(),
    kappa: amount.optional(),
  }),
  /** 3 core counts determine the curve exactly: nothing is known of its error. */
  'fit-exact': z.strictObject({}),
  /** 4 or 5 core counts: the fit must not be extrapolated. */
  'fit-provisional': z.strictObject({}),
  /** A fitted parameter ended on its bound, so its interval is one-sided. */
  'fit-on-bound': z.strictObject({ parameter: text, bound: amount }),
  /** These core counts exceed the CPUs of the host, so their rows enter neither fit nor efficiency. */
  'cores-beyond-host': z.strictObject({ cores: z.array(count) }),
  /** A scaling law needs `needed` core counts whose bottleneck was the target. */
  'too-few-core-counts': z.strictObject({ coreCounts: count, needed: count }),
} as const
