/**
 * Whether two independent samples come from one distribution: `d`, the maximum distance of their
 * cumulative distributions, and the exact probability of one as large, given the ties. Part of the library for its
 * published test vectors.
 *
 * Source: Schröer and Trenkler, Computational Statistics & Data Analysis 20(2), 1995: paths on a grid
 * that stay within the distance at the end of each group of ties.
 */
export function kolmogorovSmirnov(
  x: readonly number[],
  y: readonly number[],
): { d: number; p: number } {
  const sorted = [...x, ...y].sort((a, b) => a - b)
  const ends = sorted.map((value, i) => value !== sorted[i + 1])
  const d = Math.max(
    ...sorted.map((value) => Math.abs(cumulative(x, value) - cumulative(y, value))),
  )
  // A path that reaches d, up to rounding, has left the band.
  const limit = d - 1e-9
  return { d, p: fractionBeyond(limit, { m: x.length, n: y.length, ends }) }
}

function cumulative(values: readonly number[], upTo: number): number {
  return values.filter((value) => value <= upTo).length / values.length
}

interface Grid {
  readonly m: number
  readonly n: number
  /** By the index of a value in sorted order: whether it is the last one of its ties. */
  readonly ends: readonly boolean[]
}

/** Fraction of all orders of m and n values whose cumulative distributions differ by more than `limit` somewhere. */
function fractionBeyond(limit: number, { m, n, ends }: Grid): number {
  const outside = (i: number, j: number) =>
    ends[i + j - 1] === true && Math.abs(i / m - j / n) > limit
  let row: number[] = []
  for (let i = 0; i <= m; i++) {
    const next: number[] = []
    for (let j = 0; j <= n; j++) {
      // Each step is weighted by its probability, so that no count overflows.
      const left = i === 0 ? 0 : ((row[j] as number) * i) / (i + j)
      const below = j === 0 ? 0 : ((next[j - 1] as number) * j) / (i + j)
      next.push(outside(i, j) ? 1 : left + below)
    }
    row = next
  }
  return row[n] as number
}
