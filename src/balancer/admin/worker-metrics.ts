import { type FailureReason, reasonCodes, reasonNumber } from '../shared/failure-reasons.ts'

/** Upper bounds of the latency histogram's buckets, in seconds; one more bucket holds all above. */
export const latencyBounds: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** Status classes, 1xx to 5xx. */
const classes = 5

/** Offsets in the column of one worker. The rows of the backends follow. */
const offset = {
  latencySum: 0,
  buckets: 1,
  gauges: 2 + latencyBounds.length,
} as const

/** What a worker measures about itself. */
const gauges = [
  'loopDelayMedian',
  'loopDelayP99',
  'loopDelayMax',
  'heapBytes',
  'externalBytes',
  'cpuUser',
  'cpuSystem',
  'gcSeconds',
] as const
/** In seconds, except those named bytes. */
export type Gauges = Record<(typeof gauges)[number], number>

const rowsOffset = offset.gauges + gauges.length
/** In each row: responses by class, then failures, then idle connections, then failures by reason. */
const reasonsOffset = classes + 2
const rowCells = reasonsOffset + reasonCodes.length

/** The shared memory of the metrics of all workers. Sent to workers as it is. */
export interface MetricsMemory {
  readonly workers: number
  readonly rows: number
  readonly cells: SharedArrayBuffer
}

/** The metrics that one worker writes. Nothing here allocates or waits. */
export interface WorkerMetrics {
  /**
   * A request was answered: by the backend in `row`, or by the balancer itself if `row` is −1.
   *
   * @param seconds from the head of the request to the end of the response
   */
  recordResponse(row: number, status: number, seconds: number): void
  /** The backend in `row` failed a request, whether or not it was retried. */
  recordFailure(row: number, reason: FailureReason): void
  /** The balancer replied itself, or cut a response. */
  recordLocalFailure(reason: FailureReason): void
  /** Sets the number of idle connections to the backend in `row` in the worker's pool. */
  setIdle(row: number, connections: number): void
  setGauge(name: keyof Gauges, value: number): void
  /** Clears the counts of `row`, which has another backend now. */
  resetRow(row: number): void
}

/** Memory for the metrics of all workers: one column each, on separate cache lines. */
export function allocateMetrics(workers: number, rows: number): MetricsMemory {
  return { workers, rows, cells: new SharedArrayBuffer(workers * columnBytes(rows)) }
}

/** The metrics of one worker. Only that worker writes them, so they need no atomic operations. */
export function workerMetrics(memory: MetricsMemory, worker: number): WorkerMetrics {
  const cells = columnOf(memory, worker)
  const add = (index: number, amount: number) => {
    cells[index] = (cells[index] as number) + amount
  }
  return {
    recordResponse(row, status, seconds) {
      add(offset.latencySum, seconds)
      add(offset.buckets + bucketOf(seconds), 1)
      add(rowOffset(row) + classOf(status), 1)
    },
    recordFailure(row, reason) {
      add(rowOffset(row) + classes, 1)
      add(rowOffset(row) + reasonsOffset + reasonNumber(reason), 1)
    },
    recordLocalFailure: (reason) => add(rowOffset(-1) + reasonsOffset + reasonNumber(reason), 1),
    setIdle(row, connections) {
      cells[rowOffset(row) + classes + 1] = connections
    },
    setGauge(name, value) {
      cells[offset.gauges + gauges.indexOf(name)] = value
    },
    resetRow: (row) => void cells.fill(0, rowOffset(row), rowOffset(row) + rowCells),
  }
}

/** The counts of one backend, over all workers. */
export interface RowMetrics {
  /** Responses by status class: 1xx first. */
  readonly responses: readonly number[]
  readonly failures: number
  /** Failures by number of the reason. */
  readonly reasons: readonly number[]
  readonly idle: number
}

/** The metrics of all workers. */
export interface MetricsReading {
  /** Responses in each bucket of the latency histogram; the last bucket has no upper bound. */
  readonly buckets: readonly number[]
  /** Sum of all latencies, in seconds. */
  readonly latencySum: number
  readonly workers: readonly Gauges[]
  /** The counts of the backend in `row`; of the balancer's local replies if `row` is −1. */
  row(row: number): RowMetrics
}

/** Reads the metrics of all workers. A write in progress may be seen in part. */
export function readMetrics(memory: MetricsMemory): MetricsReading {
  const columns = Array.from({ length: memory.workers }, (_, worker) => columnOf(memory, worker))
  const sum = (index: number) => columns.reduce((all, column) => all + (column[index] as number), 0)
  const sums = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => sum(from + index))
  return {
    buckets: sums(offset.buckets, latencyBounds.length + 1),
    latencySum: sum(offset.latencySum),
    workers: columns.map(
      (column) =>
        Object.fromEntries(
          gauges.map((name, index) => [name, column[offset.gauges + index]]),
        ) as Gauges,
    ),
    row: (row) => ({
      responses: sums(rowOffset(row), classes),
      failures: sum(rowOffset(row) + classes),
      reasons: sums(rowOffset(row) + reasonsOffset, reasonCodes.length),
      idle: sum(rowOffset(row) + classes + 1),
    }),
  }
}

/** Row −1, for the balancer's local replies, comes first. */
function rowOffset(row: number): number {
  return rowsOffset + (row + 1) * rowCells
}

function classOf(status: number): number {
  return Math.min(Math.max(Math.floor(status / 100), 1), classes) - 1
}

function bucketOf(seconds: number): number {
  let bucket = 0
  while (bucket < latencyBounds.length && seconds > (latencyBounds[bucket] as number)) bucket++
  return bucket
}

function columnBytes(rows: number): number {
  const line = 64
  const cells = rowsOffset + (rows + 1) * rowCells
  return Math.ceil((cells * Float64Array.BYTES_PER_ELEMENT) / line) * line
}

function columnOf({ cells, rows }: MetricsMemory, worker: number): Float64Array {
  const length = columnBytes(rows) / Float64Array.BYTES_PER_ELEMENT
  return new Float64Array(cells, worker * columnBytes(rows), length)
}
