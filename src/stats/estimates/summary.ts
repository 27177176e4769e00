import { pseudoMedian } from './hodges-lehmann.ts'
import { mean } from './moments.ts'
import { meanInterval } from './student-interval.ts'

/** An estimate, in the unit of its values. */
export interface Summary {
  readonly center: number
  readonly low: number
  readonly high: number
  /** `confidence`: low and high are an interval at that level. `range`: they are the least and the greatest value, because there are too few for an interval. */
  readonly interval: 'confidence' | 'range'
  /** The level asked for; 0 for a range. */
  readonly confidence: number
  /** How many values it comes from. */
  readonly n: number
  /** Full sentences. */
  readonly warnings: string[]
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
  const least = Math.min(...values)
  if (n < intervalFrom) {
    return {
      center: mean(values),
      low: least,
      high: Math.max(...values),
      interval: 'range',
      confidence: 0,
      n,
      warnings: [`${n === 1 ? '1 trial is' : `${n} trials are`} too few for an interval.`],
    }
  }
  const { center, low, high } =
    n < minForSignedRank ? meanInterval(values, confidence) : pseudoMedian(values, confidence)
  return {
    center,
    low: least < 0 ? low : Math.max(0, low),
    high,
    interval: 'confidence',
    confidence,
    n,
    warnings: [],
  }
}
