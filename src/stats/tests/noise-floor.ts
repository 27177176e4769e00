import { binomialQuantile } from '../distributions/binomial.ts'
import type { Interval } from '../estimates/bootstrap.ts'
import { halfWidth } from '../estimates/precision.ts'
import { clopperPearson } from '../estimates/proportion.ts'
import { quantile } from '../estimates/quantile.ts'
import type { Comparison } from './comparison.ts'

/** What comparisons of an arm with itself say of a host. */
export interface NoiseFloor {
  readonly comparisons: number
  /** How many said better or worse: each of them wrong. */
  readonly falseAlarms: number
  /** Share of false alarms that this is evidence of. */
  readonly share: Interval
  /** More false alarms than this are not chance. */
  readonly maxFalseAlarms: number
  readonly trustworthy: boolean
  /** Relative difference that 9 of 10 comparisons of this kind can tell apart here. */
  readonly floor: number
}

/** The least margin that a comparison may have, whatever the host: 3 %. A judgement; `lb selftest` checks it. */
export const minMargin = 0.03

/** The share of false alarms that an interval at 95 % promises. */
const promised = 0.05

/**
 * Judges a host by A/A comparisons, made the same way as real ones, with the least margin possible: a
 * margin as wide as the noise would hide its false alarms.
 *
 * @throws {RangeError} there are none.
 */
export function noiseFloor(comparisons: readonly Comparison[]): NoiseFloor {
  const n = comparisons.length
  if (n === 0) throw new RangeError('a noise floor needs a comparison')
  const falseAlarms = comparisons.filter(
    ({ outcome }) => outcome === 'better' || outcome === 'worse',
  ).length
  // Were the promise kept, more would be seen once in 20 times at most.
  const maxFalseAlarms = binomialQuantile(1 - promised, n, promised)
  return {
    comparisons: n,
    falseAlarms,
    share: clopperPearson(falseAlarms, n),
    maxFalseAlarms,
    trustworthy: falseAlarms <= maxFalseAlarms,
    floor: quantile(
      comparisons.map(({ ratio }) => halfWidth(ratio)),
      0.9,
    ),
  }
}

/**
 * The margin of a comparison on a host with this noise floor; undefined where that was never measured. The floor is the
 * half-width of comparisons of one size, and a half-width goes with 1/√n: one of `size` times as many pairs tells apart
 * what those could not.
 */
export function marginOn(floor: number | undefined, size: number): number {
  return Math.max(minMargin, (floor ?? 0) / Math.sqrt(size))
}
