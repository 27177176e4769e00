import { incompleteBeta } from './beta.ts'

/** P(X ≤ k) of X successes in `n` tries, each with probability `p`. */
export function binomialUpTo(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return incompleteBeta(1 - p, n - k, k + 1)
}

/** The least k with P(X ≤ k) ≥ `probability`. */
export function binomialQuantile(probability: number, n: number, p: number): number {
  // A probability that is reached but for rounding error is reached.
  const enough = probability * (1 - 1e-12)
  let [low, high] = [0, n]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (binomialUpTo(middle, n, p) >= enough) high = middle
    else low = middle + 1
  }
  return low
}
