import { decode, merge } from '../../stats/histogram/histogram.ts'
import { differFromMost } from './differ-from-most.ts'

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

/**
 * The drivers of a fleet whose latencies differ from those of most of the others. Drivers that share a load evenly measure the same target. Of drivers that all
 * differ, such as two, only the slowest is returned.
 */
export function differingDrivers(drivers: readonly Measured[], of: number): DifferingDriver[] {
  const fleet = drivers.map(({ number, latency }) => ({ number, times: decode(latency) }))
  const differing = differFromMost(fleet.map(({ times }) => times.buckets())).flatMap(
    ({ index, distance }) => {
      const own = fleet[index]
      return own === undefined ? [] : [{ own, distance }]
    },
  )
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
