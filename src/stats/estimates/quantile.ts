/** The nine estimators of a quantile, numbered as by Hyndman and Fan. */
export type QuantileType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

/** The p-quantile of the continuous types is at rank a + p·(n + 1 − a − b). */
const plottingPositions: Readonly<Record<4 | 5 | 6 | 7 | 8 | 9, readonly [number, number]>> = {
  4: [0, 1],
  5: [1 / 2, 1 / 2],
  6: [0, 0],
  7: [1, 1],
  8: [1 / 3, 1 / 3],
  9: [3 / 8, 3 / 8],
}

/**
 * The p-quantile of a sample, 0 ≤ p ≤ 1.
 *
 * Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50(4),
 * 1996. Type 7 is the default of R, NumPy and spreadsheets; 1 and 3 return values of the sample.
 */
export function quantile(values: readonly number[], p: number, type: QuantileType = 7): number {
  return quantileOfSorted(
    values.toSorted((a, b) => a - b),
    p,
    type,
  )
}

/** The same of values in rising order. */
export function quantileOfSorted(
  sorted: ArrayLike<number>,
  p: number,
  type: QuantileType = 7,
): number {
  const at = (rank: number) => sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] as number
  const { rank, fraction } = position(p, sorted.length, type)
  // 0 · ∞ would be NaN.
  if (fraction === 0) return at(rank)
  return fraction === 1 ? at(rank + 1) : (1 - fraction) * at(rank) + fraction * at(rank + 1)
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The rank, counted from 1, as its integer part and how far to go to the next one. */
function position(p: number, n: number, type: QuantileType): { rank: number; fraction: number } {
  if (type <= 3) {
    const { rank, rest } = split(type === 3 ? p * n - 0.5 : p * n)
    if (type === 2 && rest === 0) return { rank, fraction: 0.5 }
    const even = rank % 2 === 0
    return { rank, fraction: rest === 0 && (type === 1 || even) ? 0 : 1 }
  }
  const [a, b] = plottingPositions[type as keyof typeof plottingPositions]
  const { rank, rest } = split(a + p * (n + 1 - a - b))
  return { rank, fraction: rest }
}

/** As R does, a rank within rounding error of an integer is that number. */
function split(exact: number): { rank: number; rest: number } {
  const fuzz = 4 * Number.EPSILON * Math.max(1, Math.abs(exact))
  const rank = Math.floor(exact + fuzz)
  const rest = exact - rank
  return { rank, rest: Math.abs(rest) < fuzz ? 0 : rest }
}
