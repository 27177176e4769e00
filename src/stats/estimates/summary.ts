import { mean } from './moments.ts'
import { meanInterval } from './student-interval.ts'
import type { SummaryWarning } from './summary-warning.ts'

/**
 * How a center was computed: `mean of logarithms` (geometric mean) of the trials' values, or of the ratios of pairs;
 * `mean` of values that may be 0 or negative; `merged histograms`, a percentile of all requests. Documents of earlier runs
 * may also have `pseudo-median` (Hodges–Lehmann) and `shift` (Hodges–Lehmann) between two samples of logarithms.
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

/** Pairs from which the exact signed-rank interval is at its level, and decides a comparison. */
export const minForSignedRank = 8

/** Values from which a t interval is narrow enough to say anything. */
const intervalFrom = 3

/** How values are averaged, and the level of their interval. */
interface SummaryOptions {
  /**
   * `ratio`: by their logarithms, so that the quotient of two estimates is the mean ratio of their trials. `difference`: as
   * they are, for fractions and differences, which may be 0.
   */
  readonly scale?: 'ratio' | 'difference'
  readonly confidence?: number
}

/**
 * The estimate of one metric of one arm from its trials, one value a trial: the mean of their logarithms with its t
 * interval, which has one meaning at any number of trials, and whose quotients are the ratios of the comparisons. With
 * fewer than 3 the range takes the place of the interval. Values that are never below 0 give no bound below 0; one of 0 has
 * no logarithm, and then the plain mean is taken.
 *
 * @throws {RangeError} there is no value, or one that is not finite.
 */
export function summarise(
  values: readonly number[],
  { scale = 'ratio', confidence = 0.95 }: SummaryOptions = {},
): Summary {
  if (values.length === 0) throw new RangeError('there is nothing to summarise')
  const strange = values.find((value) => !Number.isFinite(value))
  if (strange !== undefined) throw new RangeError(`a summary needs finite values, not ${strange}`)
  const n = values.length
  const min = Math.min(...values)
  const isLogarithmic = scale === 'ratio' && min > 0
  const [to, from] = isLogarithmic ? [Math.log, Math.exp] : [identity, identity]
  const scaled = values.map(to)
  const estimator = isLogarithmic ? 'mean of logarithms' : 'mean'
  if (n < intervalFrom) {
    return {
      center: from(mean(scaled)),
      estimator,
      low: min,
      high: Math.max(...values),
      interval: 'range',
      confidence: 0,
      n,
      warnings: [{ code: 'too-few-trials', values: { trials: n } }],
    }
  }
  const { center, low, high } = meanInterval(scaled, confidence)
  return {
    center: from(center),
    estimator,
    low: min < 0 ? low : Math.max(0, from(low)),
    high: from(high),
    interval: 'confidence',
    confidence,
    n,
    warnings: [],
  }
}

const identity = (value: number): number => value
