/** The alternative hypothesis: a difference of either sign, or of one sign only. */
export type Alternative = 'two-sided' | 'greater' | 'less'

/**
 * The fraction of all subsets of `weights` (non-negative integers) with each sum, indexed by the sum: under the hypothesis of
 * no difference each subset is equally likely, which is the exact distribution of a signed-rank sum.
 */
export function subsetSums(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const counts = new Float64Array(total + 1)
  counts[0] = 1
  let reached = 0
  for (const weight of weights) {
    reached += weight
    // A weight is in half of the subsets. Counts would overflow beyond a thousand weights; halving is exact.
    for (let sum = reached; sum >= 0; sum--) {
      const without = sum < weight ? 0 : (counts[sum - weight] as number)
      counts[sum] = ((counts[sum] as number) + without) / 2
    }
  }
  return counts
}

/** Distributions that were needed before, by the number of ranks: every comparison of a run needs the same few. */
const known = new Map<number, Float64Array>()
const maxKnown = 64

/** `subsetSums` of the ranks 1 to n; shared, and not to be changed. */
export function signedRankSums(n: number): Float64Array {
  const before = known.get(n)
  if (before !== undefined) return before
  if (known.size >= maxKnown) known.clear()
  const sums = subsetSums(Array.from({ length: n }, (_, i) => i + 1))
  known.set(n, sums)
  return sums
}

/** As `subsetSums`, but counts of the subsets of exactly `size` weights: the exact distribution of a rank sum. */
export function subsetSumsOfSize(weights: readonly number[], size: number): Float64Array {
  const largest = weights.toSorted((a, b) => b - a).slice(0, size)
  const total = largest.reduce((sum, weight) => sum + weight, 0)
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(total + 1))
  ;(counts[0] as Float64Array)[0] = 1
  weights.forEach((weight, used) => {
    for (let k = Math.min(size, used + 1); k >= 1; k--) {
      const from = counts[k - 1] as Float64Array
      const to = counts[k] as Float64Array
      for (let sum = total; sum >= weight; sum--) {
        to[sum] = (to[sum] as number) + (from[sum - weight] as number)
      }
    }
  })
  return counts[size] as Float64Array
}

/** Fraction of all subsets whose sum is at most `sum`. */
export function fractionUpTo(counts: Float64Array, sum: number): number {
  const all = counts.reduce((total, count) => total + count, 0)
  return counts.subarray(0, Math.max(0, sum + 1)).reduce((total, count) => total + count, 0) / all
}

/** The minimum sum that at least a fraction `p` of all subsets do not exceed. */
export function sumQuantile(counts: Float64Array, p: number): number {
  const all = counts.reduce((total, count) => total + count, 0)
  let [sum, seen] = [0, counts[0] as number]
  // Equal up to rounding error counts as reached.
  while (seen / all < p * (1 - 1e-12)) seen += counts[++sum] as number
  return sum
}

/**
 * Probability of a sum as extreme as `observed`; two-sided: as far from the mean sum, which is twice the
 * smaller tail wherever the distribution is symmetric.
 */
export function exactP(counts: Float64Array, observed: number, alternative: Alternative): number {
  if (alternative === 'less') return fractionUpTo(counts, observed)
  if (alternative === 'greater') {
    return fractionUpTo(counts.toReversed(), counts.length - 1 - observed)
  }
  const all = counts.reduce((total, count) => total + count, 0)
  const center = counts.reduce((total, count, sum) => total + (count / all) * sum, 0)
  // Sums are integers and their mean is a multiple of ½: smaller differences are rounding error.
  const minDistance = Math.abs(observed - center) - 1e-6
  const far = counts.reduce(
    (total, count, sum) => (Math.abs(sum - center) >= minDistance ? total + count : total),
    0,
  )
  return far / all
}
