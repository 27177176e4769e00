import type { BalancerCounts } from '../config/config.ts'
import type { BackendReport } from '../health/backend-report.ts'
import { type Gauges, type MetricsMemory, type RowMetrics, readMetrics } from './worker-metrics.ts'

/** One backend, as the admin port shows it. */
export interface BackendSnapshot extends BackendReport, RowMetrics {
  /** Requests that were sent to it. */
  readonly requests: number
  /** Seconds: the average that the algorithm works with; undefined where it keeps none. */
  readonly averageLatency: number | undefined
}

/** One worker, as the admin port shows it. */
interface WorkerSnapshot extends Gauges {
  readonly requests: number
  /** Connections of clients that are open now. */
  readonly connections: number
}

/** How the balancer stands at one moment: all that the admin port shows. */
export interface Snapshot {
  /** It is stopping: takes no more connections. */
  readonly draining: boolean
  /** Too few backends are healthy, so that health is ignored. */
  readonly panic: boolean
  readonly backends: readonly BackendSnapshot[]
  readonly workers: readonly WorkerSnapshot[]
  /** Answers that the balancer made itself, by class: 1xx first. */
  readonly localReplies: readonly number[]
  /** Answers by their time; the bounds are `latencyBounds`. */
  readonly latency: { readonly buckets: readonly number[]; readonly sum: number }
  readonly retries: number
  readonly refused: number
  readonly aborted: number
  /** Of the whole process. */
  readonly residentBytes: number
}

/** What a snapshot is put together from. */
export interface SnapshotParts {
  readonly draining: boolean
  readonly panic: boolean
  readonly backends: readonly BackendReport[]
  readonly counts: BalancerCounts
  readonly metrics: MetricsMemory
  /** Connections that each worker has open. */
  readonly connections: readonly number[]
  /** Seconds, by row, where the algorithm keeps an average. */
  readonly averageLatency?: (row: number) => number | undefined
}

/** Puts together what is known in several places. */
export function takeSnapshot(parts: SnapshotParts): Snapshot {
  const { draining, panic, counts, averageLatency } = parts
  const reading = readMetrics(parts.metrics)
  return {
    draining,
    panic,
    backends: parts.backends.map((backend) => ({
      ...backend,
      ...reading.row(backend.row),
      requests: counts.perBackend[backend.row] ?? 0,
      averageLatency: averageLatency?.(backend.row),
    })),
    workers: reading.workers.map((measured, worker) => ({
      ...measured,
      requests: counts.perWorker[worker] ?? 0,
      connections: parts.connections[worker] ?? 0,
    })),
    localReplies: reading.row(-1).answers,
    latency: { buckets: reading.buckets, sum: reading.latencySum },
    retries: counts.retried,
    refused: counts.refused,
    aborted: counts.aborted,
    residentBytes: process.memoryUsage.rss(),
  }
}
