import type { BackendSnapshot } from '../admin/snapshot.ts'
import { type MetricsReading, readMetrics } from '../admin/worker-metrics.ts'
import type { BalancerSettings } from '../config/config.ts'
import { leavingReason } from '../health/backend-report.ts'
import type { HealthControl } from '../health/control.ts'
import { totals } from '../shared/counters.ts'
import type { Shared } from '../worker/shared-memory.ts'
import { sumCounts, type VersionCounts, type WorkerCounts } from './sum-counts.ts'
import { freezeMetrics, sumMetrics, type VersionMetrics } from './sum-metrics.ts'

/** Settings with which the balancer runs, or ran until they were replaced. */
export interface Version {
  /** From 1, one more with each change. */
  readonly number: number
  readonly settings: BalancerSettings
  readonly shared: Shared
  readonly health: HealthControl
}

/** The current version of the settings, and those with which requests are still in progress. */
export interface Versions {
  readonly current: Version
  /** Replaces the current version. */
  replace(version: Version): void
  /** Version `number` has no request in progress any more: only its counts are kept. */
  retire(number: number): void
  /** Counts over all versions, by row of the current one. */
  counts(): WorkerCounts
  /** Backends that the current version does not have, and to which requests of earlier ones are still in flight. */
  leaving(): BackendSnapshot[]
  /** Metrics over all versions, by row of the current one; undefined without an admin port. */
  metrics(): MetricsReading | undefined
}

/** Starts with the version with which the balancer starts. */
export function versionsFrom(first: Version): Versions {
  let current = first
  /** Those with requests in progress. */
  const replaced = new Map<number, Version>()
  /** Sums over those without, of the backends of the last one. */
  let pastCounts: VersionCounts[] = []
  let pastMetrics: VersionMetrics[] = []

  return {
    get current() {
      return current
    },
    replace(version) {
      replaced.set(current.number, current)
      current = version
    },
    retire(number) {
      const version = replaced.get(number)
      if (version === undefined) return
      replaced.delete(number)
      const ids = version.health.ids()
      pastCounts = [{ ids, counts: sumCounts(countsOf(version), pastCounts) }]
      pastMetrics = metricsOf(version).map((metrics) =>
        freezeMetrics({ ids, reading: sumMetrics(metrics, pastMetrics) }),
      )
    },
    counts: () =>
      sumCounts(countsOf(current), [...replaced.values()].map(countsOf).concat(pastCounts)),
    leaving() {
      const ids = new Set(current.health.ids())
      const found = new Map<string, BackendSnapshot>()
      for (const one of [...replaced.values()].toReversed().flatMap(inFlightOf)) {
        const newer = found.get(one.id)
        const { inFlight, requests } = newer ?? { inFlight: 0, requests: 0 }
        const sums = { inFlight: inFlight + one.inFlight, requests: requests + one.requests }
        if (!ids.has(one.id)) found.set(one.id, { ...(newer ?? one), ...sums })
      }
      return [...found.values()]
    },
    metrics() {
      const [metrics] = metricsOf(current)
      return (
        metrics &&
        sumMetrics(metrics, [...replaced.values()].flatMap(metricsOf).concat(pastMetrics))
      )
    },
  }
}

function countsOf({
  settings: { workers },
  shared: { counters, table },
  health,
}: Version): VersionCounts {
  return { ids: health.ids(), counts: totals(counters, { workers, table }) }
}

/** The backends of a replaced version that have requests in flight. */
function inFlightOf(version: Version): BackendSnapshot[] {
  const { counts } = countsOf(version)
  const [metrics] = metricsOf(version)
  return version.health.backends().flatMap((backend) => {
    const { row } = backend
    const inFlight = counts.inFlight[row] ?? 0
    if (metrics === undefined || inFlight === 0) return []
    return {
      ...backend,
      ...metrics.reading.row(row),
      row: -1,
      state: 'leaving',
      reason: leavingReason,
      effectiveWeight: 0,
      inFlight,
      requests: counts.perBackend[row] ?? 0,
      averageLatency: undefined,
    }
  })
}

function metricsOf({ shared: { metrics }, health }: Version): VersionMetrics[] {
  return metrics === undefined ? [] : [{ ids: health.ids(), reading: readMetrics(metrics) }]
}
