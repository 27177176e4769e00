import { studentAbove } from '../distributions/student-t.ts'
import { mean } from '../estimates/moments.ts'
import { bestSplit } from './e-divisive.ts'

/** A change of the level of a series. */
export interface ChangePoint {
  /** Index of the first value at the new level. */
  readonly index: number
  /** Two-sided p of a t test between the segments before and after. */
  readonly p: number
  readonly before: number
  readonly after: number
  /** The larger of the relative changes in both directions. */
  readonly magnitude: number
}

/** Options of the detection. */
export interface ChangeCriteria {
  readonly maxP?: number
  /** Changes up to this relative size are ignored. */
  readonly minMagnitude?: number
  /** Number of values in a sliding window: the closer the changes, the smaller it should be. */
  readonly window?: number
}

/**
 * The change points of a series, deterministic: E-divisive in sliding windows, each split tested
 * by a t test instead of random permutations, at a lax level first; then the weakest are removed,
 * one by one, until all that remain are significant and large enough.
 *
 * Source: Fleming et al., "Hunter: Using Change Point Detection to Hunt for Performance Regressions",
 * ICPE 2023; Daly et al., ICPE 2020.
 */
export function changePoints(
  series: readonly number[],
  { maxP = 0.001, minMagnitude = 0, window = 50 }: ChangeCriteria = {},
): ChangePoint[] {
  const lax = maxP < 0.05 ? maxP * 10 : Math.min(1, maxP * 2)
  const found = new Set<number>()
  const step = Math.max(1, Math.floor(window / 2))
  for (let start = 0; start < series.length; ) {
    const inWindow = divide(series.slice(start, start + window), lax)
    for (const index of inWindow) found.add(start + index)
    start = Math.max(start + (inWindow.at(-1) ?? 0), start + step)
  }
  return withoutWeak(
    series,
    [...found].sort((a, b) => a - b),
    { maxP, minMagnitude },
  )
}

/** Splits at the maximum energy while the parts differ; indices in rising order. */
function divide(values: readonly number[], maxP: number): number[] {
  const splits: number[] = []
  for (;;) {
    const candidates = segments(values.length, splits).flatMap(([from, to]) => {
      const split = bestSplit(values.slice(from, to))
      return split ? [{ ...split, index: from + split.index, from, to }] : []
    })
    if (candidates.length === 0) return splits
    const best = candidates.reduce((a, b) => (b.energy > a.energy ? b : a))
    const { p } = changeAt(values, best)
    if (p > maxP) return splits
    splits.push(best.index)
    splits.sort((a, b) => a - b)
  }
}

/** The segments between splits. */
function segments(length: number, splits: readonly number[]): [number, number][] {
  const ends = [0, ...splits, length]
  return splits.concat(length).map((to, i) => [ends[i] as number, to])
}

function withoutWeak(
  series: readonly number[],
  indices: readonly number[],
  { maxP, minMagnitude }: { maxP: number; minMagnitude: number },
): ChangePoint[] {
  const ends = [0, ...indices, series.length]
  const changes = indices.map((index, i) =>
    changeAt(series, { index, from: ends[i] as number, to: ends[i + 2] as number }),
  )
  if (changes.length === 0) return []
  const leastSignificant = changes.reduce((a, b) => (b.p > a.p ? b : a))
  const smallest = changes.reduce((a, b) => (b.magnitude < a.magnitude ? b : a))
  const weakest = leastSignificant.p >= maxP ? leastSignificant : smallest
  if (weakest === smallest && smallest.p < maxP && smallest.magnitude > minMagnitude) return changes
  // The segments on both sides of it are now one, so the others are tested again.
  const rest = indices.filter((index) => index !== weakest.index)
  return withoutWeak(series, rest, { maxP, minMagnitude })
}

interface Position {
  readonly index: number
  readonly from: number
  readonly to: number
}

function changeAt(series: readonly number[], { index, from, to }: Position): ChangePoint {
  const [left, right] = [series.slice(from, index), series.slice(index, to)]
  const [before, after] = [mean(left), mean(right)]
  const relative = (base: number, other: number) => (base === 0 ? 0 : Math.abs(other / base - 1))
  return {
    index,
    p: pooledP(left, right),
    before,
    after,
    magnitude: Math.max(relative(before, after), relative(after, before)),
  }
}

/**
 * Student's test with pooled variance. The variances are divided by n,
 * not n − 1, as in the published method.
 */
function pooledP(left: readonly number[], right: readonly number[]): number {
  const [n, m] = [left.length, right.length]
  const df = n + m - 2
  // A level takes two values: one alone may be an outlier.
  if (n < 2 || m < 2) return 1
  const difference = mean(left) - mean(right)
  // Means of equal values may differ by rounding.
  if (Math.abs(difference) <= 1e-12 * Math.abs(mean(left))) return 1
  const variance = ((n - 1) * populationVariance(left) + (m - 1) * populationVariance(right)) / df
  if (variance === 0) return 0
  return 2 * studentAbove(Math.abs(difference) / Math.sqrt(variance * (1 / n + 1 / m)), df)
}

function populationVariance(values: readonly number[]): number {
  const center = mean(values)
  return mean(values.map((value) => (value - center) ** 2))
}
