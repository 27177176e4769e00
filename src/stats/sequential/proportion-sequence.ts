import { logGamma } from '../distributions/gamma.ts'
import type { Interval } from '../estimates/interval.ts'
import { root } from '../numeric/root.ts'

/**
 * Logarithm of the mixture likelihood ratio of `successes` in `n` trials against the probability `p`: with a uniform
 * mixture it is 1 / ((n + 1) · P(X = successes)). Under `p` it is a martingale that begins at 1, so the probability that
 * it ever reaches 1/α is at most α, whenever one looks (Ville).
 *
 * Sources: Robbins, Annals of Mathematical Statistics 41(5), 1970; Howard, Ramdas, McAuliffe and Sekhon, Annals of
 * Statistics 49(2), 2021, section 3.2: the beta-binomial mixture.
 */
export function logMixtureRatio(successes: number, n: number, p: number): number {
  const failures = n - successes
  const logChoose = logGamma(n + 1) - logGamma(successes + 1) - logGamma(failures + 1)
  const logPower = (k: number, log: number) => (k === 0 ? 0 : k * log)
  return (
    -Math.log(n + 1) -
    logChoose -
    logPower(successes, Math.log(p)) -
    logPower(failures, Math.log1p(-p))
  )
}

/**
 * An interval of a proportion, from `successes` of `n` so far, that is valid at every n at once: the probability that the
 * proportion is ever outside is at most 1 − `confidence`, however often one looks and whenever one stops. The trials are
 * independent, or have the probability p whatever the earlier ones were. The whole of 0 to 1 for n = 0.
 *
 * Source: as `logMixtureRatio`; the interval is the set of p at which the ratio is below 1/α.
 */
export function proportionSequence(successes: number, n: number, confidence = 0.95): Interval {
  const bound = -Math.log(1 - confidence)
  const excess = (p: number) => logMixtureRatio(successes, n, p) - bound
  const middle = successes / n
  const [smallest, largest] = [1e-300, 1 - Number.EPSILON / 2]
  const isOpen = (end: number) => !(excess(end) > 0)
  return {
    low: successes === 0 || isOpen(smallest) ? 0 : root(excess, smallest, middle),
    high: successes === n || isOpen(largest) ? 1 : root(excess, middle, largest),
  }
}
