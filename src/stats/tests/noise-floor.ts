import { binomialQuantile } from '../distributions/binomial.ts'
import type { Interval } from '../estimates/interval.ts'
import { halfWidth } from '../estimates/precision.ts'
import { clopperPearson } from '../estimates/proportion.ts'
import { quantile } from '../estimates/quantile.ts'
import type { Comparison } from './comparison.ts'

/** The noise of a host, from comparisons of an arm with itself. */
export interface NoiseFloor {
  readonly comparisons: number
  /** Number of comparisons with outcome `better` or `worse`, all of them wrong. */
  readonly falseAlarms: number
  /** Interval of the true rate of false alarms. */
  readonly share: Interval
  /** The maximum that chance explains: more false alarms occur once in 20 times. */
  readonly maxFalseAlarms: number
  readonly trustworthy: boolean
  /** Half-width, as a fraction, that the intervals of 9 of 10 comparisons of this kind stay within on this host. */
  readonly floor: number
}

/** The minimum margin of a comparison on any host: 3 %. A judgement; `lb selftest` checks it. */
export const minMargin = 0.03

/** The rate of false alarms of an interval at 95 %. */
const nominalRate = 0.05

/**
 * The noise floor of a host from A/A comparisons, which are made as real ones, but with the minimum margin: a
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
  // At the nominal rate, more would occur in at most one of 20 runs.
  const maxFalseAlarms = binomialQuantile(1 - nominalRate, n, nominalRate)
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
 * The margin of a comparison on a host with this noise floor (undefined: never measured). The floor is the
 * half-width of comparisons of one size, and half-widths are proportional to 1/√n: a comparison of `size` times as many
 * pairs detects smaller differences.
 */
export function marginOn(floor: number | undefined, size: number): number {
  return Math.max(minMargin, (floor ?? 0) / Math.sqrt(size))
}
