/**
 * Probability that a value of x is greater than one of y, ties as half: 0.5 where neither tends to be.
 *
 * Source: Vargha and Delaney, Journal of Educational and Behavioral Statistics 25(2), 2000.
 */
export function varghaDelaneyA12(x: readonly number[], y: readonly number[]): number {
  return (cliffsDelta(x, y) + 1) / 2
}

/**
 * Pairs in which x is greater less those in which it is smaller, as a fraction of all: −1 to 1.
 *
 * Source: Cliff, Psychological Bulletin 114(3), 1993.
 */
export function cliffsDelta(x: readonly number[], y: readonly number[]): number {
  const signs = x.reduce((sum, a) => y.reduce((inner, b) => inner + Math.sign(a - b), sum), 0)
  return signs / (x.length * y.length)
}
