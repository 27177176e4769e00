import { type MetricsReading, readMetrics } from '../admin/worker-metrics.ts'
import type { BalancerSettings } from '../config/config.ts'
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

function metricsOf({ shared: { metrics }, health }: Version): VersionMetrics[] {
  return metrics === undefined ? [] : [{ ids: health.ids(), reading: readMetrics(metrics) }]
}
