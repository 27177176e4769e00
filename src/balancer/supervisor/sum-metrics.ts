import type { MetricsReading, RowMetrics } from '../admin/worker-metrics.ts'
import { rowOf } from './sum-counts.ts'
import { sumNumbers } from './sum-numbers.ts'

/** Metrics of one version of the configuration, and the names of its backends by row. */
export interface VersionMetrics {
  readonly ids: readonly string[]
  readonly reading: MetricsReading
}

/** Row of the local replies: they belong to no backend. */
const localRow = -1

/** Adds the metrics of earlier versions to those of `version`. Gauges of the workers are those of `version`. */
export function sumMetrics(
  { ids, reading }: VersionMetrics,
  earlier: readonly VersionMetrics[],
): MetricsReading {
  const of = (row: number) =>
    earlier.flatMap((before) => {
      const at = row === localRow ? localRow : rowOf(ids[row], before.ids)
      return row === localRow || at >= 0 ? [before.reading.row(at)] : []
    })
  return {
    buckets: earlier.reduce(
      (sum, before) => sumNumbers(sum, before.reading.buckets),
      reading.buckets,
    ),
    latencySum: earlier.reduce(
      (sum, before) => sum + before.reading.latencySum,
      reading.latencySum,
    ),
    workers: reading.workers,
    row: (row) => of(row).reduce(sumNumbers<RowMetrics>, reading.row(row)),
  }
}

/** The same metrics, which refer to no memory any more. */
export function freezeMetrics({ ids, reading }: VersionMetrics): VersionMetrics {
  const local = reading.row(localRow)
  const rows = ids.map((_, row) => reading.row(row))
  return {
    ids,
    reading: { ...reading, row: (row) => (row === localRow ? local : (rows[row] as RowMetrics)) },
  }
}
