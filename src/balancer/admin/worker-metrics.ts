/** Upper bounds of the latency histogram's buckets, in seconds; behind the last there is one without. */
export const latencyBounds: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
]

/** Status classes, 1xx to 5xx. */
const classes = 5

/** Where what one worker counts and measures stands in its column. Behind them: its rows. */
const place = {
  latencySum: 0,
  buckets: 1,
  gauges: 2 + latencyBounds.length,
} as const

/** What a worker measures of itself. */
const gauges = [
  'loopDelayMedian',
  'loopDelayP99',
  'loopDelayMax',
  'heapBytes',
  'externalBytes',
  'cpuUser',
  'cpuSystem',
] as const
/** Seconds, but for the bytes. */
export type Gauges = Record<(typeof gauges)[number], number>

const rowsAt = place.gauges + gauges.length
/** In each row: answers by class, then failures, then idle connections. */
const rowCells = classes + 2

/** Where workers count for /metrics. Goes to workers as it is. */
export interface MetricsMemory {
  readonly workers: number
  readonly rows: number
  readonly cells: SharedArrayBuffer
}

/** What one worker writes. Nothing here allocates, and nothing waits. */
export interface WorkerMetrics {
  /**
   * A client's request was answered: by the backend in `row`, or by the balancer itself where it is −1.
   *
   * @param seconds from the request's head being read to the end of its answer being written
   */
  recordResponse(row: number, status: number, seconds: number): void
  /** The backend in `row` failed a request, whether or not another was tried after it. */
  recordFailure(row: number): void
  /** So many connections to the backend in `row` wait in the worker's pool now. */
  setIdle(row: number, connections: number): void
  setGauge(name: keyof Gauges, value: number): void
  /** There is another backend in `row` now: what was counted for the one before is dropped. */
  resetRow(row: number): void
}

/** Memory for the metrics of all workers, one column each on cache lines of its own. */
export function allocateMetrics(workers: number, rows: number): MetricsMemory {
  return { workers, rows, cells: new SharedArrayBuffer(workers * columnBytes(rows)) }
}

/** The metrics of one worker. Only that worker writes them, so they need no atomic operations. */
export function workerMetrics(memory: MetricsMemory, worker: number): WorkerMetrics {
  const cells = columnOf(memory, worker)
  const add = (at: number, more: number) => {
    cells[at] = (cells[at] as number) + more
  }
  return {
    recordResponse(row, status, seconds) {
      add(place.latencySum, seconds)
      add(place.buckets + bucketOf(seconds), 1)
      add(rowAt(row) + classOf(status), 1)
    },
    recordFailure: (row) => add(rowAt(row) + classes, 1),
    setIdle(row, connections) {
      cells[rowAt(row) + classes + 1] = connections
    },
    setGauge(name, value) {
      cells[place.gauges + gauges.indexOf(name)] = value
    },
    resetRow: (row) => void cells.fill(0, rowAt(row), rowAt(row) + rowCells),
  }
}

/** What was counted of one backend, over all workers. */
export interface RowMetrics {
  /** Answers by class: 1xx first. */
  readonly answers: readonly number[]
  readonly failures: number
  readonly idle: number
}

/** What all workers counted and measured. */
export interface MetricsReading {
  /** Answers in each bucket of the latency histogram, the one without a bound last. */
  readonly buckets: readonly number[]
  /** Seconds, all latencies together. */
  readonly latencySum: number
  readonly workers: readonly Gauges[]
  /** What was counted of the backend in `row`; of the balancer's own answers where it is −1. */
  row(row: number): RowMetrics
}

/** Reads what all workers wrote. What is being written in the same moment may be seen in part. */
export function readMetrics(memory: MetricsMemory): MetricsReading {
  const columns = Array.from({ length: memory.workers }, (_, worker) => columnOf(memory, worker))
  const sum = (at: number) => columns.reduce((all, column) => all + (column[at] as number), 0)
  const sums = (from: number, count: number) =>
    Array.from({ length: count }, (_, offset) => sum(from + offset))
  return {
    buckets: sums(place.buckets, latencyBounds.length + 1),
    latencySum: sum(place.latencySum),
    workers: columns.map(
      (column) =>
        Object.fromEntries(
          gauges.map((name, offset) => [name, column[place.gauges + offset]]),
        ) as Gauges,
    ),
    row: (row) => ({
      answers: sums(rowAt(row), classes),
      failures: sum(rowAt(row) + classes),
      idle: sum(rowAt(row) + classes + 1),
    }),
  }
}

/** Row −1, the balancer's own answers, comes first. */
function rowAt(row: number): number {
  return rowsAt + (row + 1) * rowCells
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
  const cells = rowsAt + (rows + 1) * rowCells
  return Math.ceil((cells * Float64Array.BYTES_PER_ELEMENT) / line) * line
}

function columnOf({ cells, rows }: MetricsMemory, worker: number): Float64Array {
  const length = columnBytes(rows) / Float64Array.BYTES_PER_ELEMENT
  return new Float64Array(cells, worker * columnBytes(rows), length)
}
