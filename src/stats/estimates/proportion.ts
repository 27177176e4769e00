import { binomialUpTo } from '../distributions/binomial.ts'
import { normalQuantile } from '../distributions/normal.ts'
import { root } from '../distributions/root.ts'
import type { Interval } from './bootstrap.ts'

/**
 * What share of tries succeeds, from `successes` of `n`: never covers less than it claims.
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

/**
 * What share of tries succeeds, from `successes` of `n`: covers what it claims on average.
 *
 * Source: Wilson, Journal of the American Statistical Association 22, 1927.
 */
export function wilson(successes: number, n: number, confidence = 0.95): Interval {
  const z = normalQuantile((1 + confidence) / 2)
  const share = successes / n
  const center = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const reach =
    (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))
  // At the ends the formula is exact, its arithmetic is not.
  return {
    low: successes === 0 ? 0 : center - reach,
    high: successes === n ? 1 : center + reach,
  }
}
