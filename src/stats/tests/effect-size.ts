/**
 * The probability that a value of x is larger than one of y, with ties as half: 0.5 where neither tends to larger values. Part of
 * the library for its published test vectors.
 *
 * Source: Vargha and Delaney, Journal of Educational and Behavioral Statistics 25(2), 2000.
 */
export function varghaDelaneyA12(x: readonly number[], y: readonly number[]): number {
  return (cliffsDelta(x, y) + 1) / 2
}

/**
 * The number of pairs in which x is larger less those in which it is smaller, as a fraction of all pairs: −1 to 1. Part of the
 * library for its published test vectors.
 *
 * Source: Cliff, Psychological Bulletin 114(3), 1993.
 */
export function cliffsDelta(x: readonly number[], y: readonly number[]): number {
  const signs = x.reduce((sum, a) => y.reduce((inner, b) => inner + Math.sign(a - b), sum), 0)
  return signs / (x.length * y.length)
}
