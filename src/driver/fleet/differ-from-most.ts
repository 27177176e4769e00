import { holm } from '../../stats/tests/adjust.ts'
import { kolmogorovSmirnovOfCounts } from '../../stats/tests/kolmogorov-smirnov-of-counts.ts'

/** A sample that differs from most of the others. */
export interface DifferingSample {
  /** Its index. */
  readonly index: number
  /** Maximum distance of its cumulative distribution from those of the others: the smallest that counts. */
  readonly distance: number
}

/** Level of the tests of all pairs together. */
const level = 0.01

/**
 * Distance of two cumulative distributions below which they count as alike: significant, but of no consequence. A
 * judgement.
 */
const smallDistance = 0.1

/**
 * Requests that count as one: those that wait in one queue have related latencies, so that the test would find
 * differences that mean nothing. Without it, of 1,000 simulated fleets of equal drivers one had a driver that differed. A
 * judgement.
 */
const relatedRequests = 4

/**
 * The samples that differ from most of the others, by Kolmogorov–Smirnov tests of all pairs, adjusted by Holm's method.
 * Each is given as the numbers of its values in the same rising classes.
 */
export function differFromMost(samples: readonly (readonly number[])[]): DifferingSample[] {
  const counted = samples.map((counts) => counts.map((count) => count / relatedRequests))
  const pairs = counted.flatMap((x, a) =>
    counted.slice(a + 1).map((y, i) => ({ a, b: a + 1 + i, ...kolmogorovSmirnovOfCounts(x, y) })),
  )
  const adjusted = holm(pairs.map(({ p }) => p))
  const different = pairs.filter(({ d }, i) => (adjusted[i] ?? 1) < level && d > smallDistance)
  return samples.flatMap((_, index) => {
    const distances = different.filter(({ a, b }) => a === index || b === index).map(({ d }) => d)
    return 2 * distances.length > samples.length - 1
      ? [{ index, distance: Math.min(...distances) }]
      : []
  })
}
