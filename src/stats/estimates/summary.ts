import { pseudoMedian } from './hodges-lehmann.ts'
import { mean } from './moments.ts'
import { meanInterval } from './student-interval.ts'
import type { SummaryWarning } from './summary-warning.ts'

/**
 * How a center was computed: `mean` and `pseudo-median` (Hodges–Lehmann) of the trials' values, or of the log-ratios of
 * pairs; `mean of logarithms` of the trials' own percentiles; `shift` (Hodges–Lehmann) between two samples of logarithms;
 * `merged histograms`, a percentile of all requests.
 */
type Estimator = 'mean' | 'mean of logarithms' | 'pseudo-median' | 'shift' | 'merged histograms'

/** An estimate, in the unit of its values. */
export interface Summary {
  readonly center: number
  /** How `center` was computed. */
  readonly estimator: Estimator
  readonly low: number
  readonly high: number
  /** `confidence`: low and high are an interval at that level. `range`: they are the minimum and the maximum, because there are too few for an interval. */
  readonly interval: 'confidence' | 'range'
  /** The requested level; 0 for a range. */
  readonly confidence: number
  /** How many values it comes from. */
  readonly n: number
  readonly warnings: SummaryWarning[]
}

/** Values from which the exact signed-rank interval is at its level, and is used. */
export const minForSignedRank = 8

/** Values from which a t interval is narrow enough to say anything. */
const intervalFrom = 3

/**
 * The estimate of one metric of one arm from its trials, one value a trial: with 8 or more the
 * pseudo-median and its signed-rank interval, with 3 to 7 the mean and its t interval, with fewer the
 * mean and the range. Values that are never below 0 give no bound below 0.
 *
 * @throws {RangeError} there is no value, or one that is not finite.
 */
export function summarise(values: readonly number[], confidence = 0.95): Summary {
  if (values.length === 0) throw new RangeError('there is nothing to summarise')
  const strange = values.find((value) => !Number.isFinite(value))
  if (strange !== undefined) throw new RangeError(`a summary needs finite values, not ${strange}`)
  const n = values.length
  const min = Math.min(...values)
  if (n < intervalFrom) {
    return {
      center: mean(values),
      estimator: 'mean',
      low: min,
      high: Math.max(...values),
      interval: 'range',
      confidence: 0,
      n,
      warnings: [{ code: 'too-few-trials', values: { trials: n } }],
    }
  }
  const estimator = n < minForSignedRank ? 'mean' : 'pseudo-median'
  const { center, low, high } =
    estimator === 'mean' ? meanInterval(values, confidence) : pseudoMedian(values, confidence)
  return {
    center,
    estimator,
    low: min < 0 ? low : Math.max(0, low),
    high,
    interval: 'confidence',
    confidence,
    n,
    warnings: [],
  }
}
