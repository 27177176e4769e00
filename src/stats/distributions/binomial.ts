import { incompleteBeta } from './beta.ts'

/** P(X ≤ k), where X is the number of successes in `n` trials with probability `p`. */
export function binomialUpTo(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return incompleteBeta(1 - p, n - k, k + 1)
}

/** The minimum k with P(X ≤ k) ≥ `probability`. */
export function binomialQuantile(probability: number, n: number, p: number): number {
  // Equal up to rounding error counts as reached.
  const enough = probability * (1 - 1e-12)
  let [low, high] = [0, n]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (binomialUpTo(middle, n, p) >= enough) high = middle
    else low = middle + 1
  }
  return low
}
