import { decode, merge } from '../../stats/histogram/histogram.ts'
import { holm } from '../../stats/tests/adjust.ts'
import { kolmogorovSmirnovOfCounts } from '../../stats/tests/kolmogorov-smirnov-of-counts.ts'

/** A driver that measured other latencies than most of the others. */
export interface DifferingDriver {
  /** From 1. */
  readonly number: number
  readonly of: number
  /** Medians in seconds: its own, and that of the others together. */
  readonly p50Seconds: number
  readonly othersP50Seconds: number
  /** Maximum distance of its cumulative distribution from those of the others: the smallest that counts. */
  readonly distance: number
}

/** A driver and its histogram of latencies. */
interface Measured {
  readonly number: number
  readonly latency: string
}

/** Level of the tests of all pairs together. */
const level = 0.01

/**
 * Distance of two cumulative distributions below which they count as alike. Requests that are in flight together have
 * related latencies, so that the test alone would find differences that mean nothing. A judgement.
 */
const smallDistance = 0.1

/**
 * The drivers of a fleet whose latencies differ from those of most of the others, by Kolmogorov–Smirnov tests of all
 * pairs, adjusted by Holm's method. Drivers that share a load evenly measure the same target. Of drivers that all
 * differ, such as two, only the slowest is returned.
 */
export function differingDrivers(drivers: readonly Measured[], of: number): DifferingDriver[] {
  const fleet = drivers.map(({ number, latency }) => {
    const times = decode(latency)
    return { number, times, buckets: times.buckets() }
  })
  const pairs = fleet.flatMap((a, i) =>
    fleet.slice(i + 1).map((b) => ({ a, b, ...kolmogorovSmirnovOfCounts(a.buckets, b.buckets) })),
  )
  const adjusted = holm(pairs.map(({ p }) => p))
  const different = pairs.filter(({ d }, i) => (adjusted[i] ?? 1) < level && d > smallDistance)
  const differing = fleet.flatMap((own) => {
    const distances = different.filter(({ a, b }) => a === own || b === own).map(({ d }) => d)
    return 2 * distances.length > fleet.length - 1
      ? [{ own, distance: Math.min(...distances) }]
      : []
  })
  const slowest = differing
    .toSorted((a, b) => b.own.times.percentile(50) - a.own.times.percentile(50))
    .slice(0, 1)
  return (differing.length === fleet.length ? slowest : differing).map(({ own, distance }) => {
    const others = merge(drivers.flatMap((one) => (one.number === own.number ? [] : one.latency)))
    return {
      number: own.number,
      of,
      p50Seconds: own.times.percentile(50) / 1e6,
      othersP50Seconds: others.percentile(50) / 1e6,
      distance,
    }
  })
}
