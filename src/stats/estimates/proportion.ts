import { binomialUpTo } from '../distributions/binomial.ts'
import { root } from '../numeric/root.ts'
import type { Interval } from './interval.ts'

/**
 * The exact interval of a proportion, from `successes` of `n`: its coverage is never below its level.
 *
 * Source: Clopper and Pearson, Biometrika 26(4), 1934.
 */
export function clopperPearson(successes: number, n: number, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2
  return {
    low: successes === 0 ? 0 : root((p) => 1 - binomialUpTo(successes - 1, n, p) - tail, 0, 1),
    high: successes === n ? 1 : root((p) => binomialUpTo(successes, n, p) - tail, 0, 1),
  }
}
