import type { TableMemory } from '../../algorithms/parts/table.ts'
import type { BalancerCounts } from '../config/config.ts'

/**
 * The counters of one worker, by index in its column. After these follow, for each backend, the requests
 * sent to it and the requests that the worker has in flight to it.
 */
export const count = {
  requests: 0,
  answered: 1,
  badGateway: 2,
  unavailable: 3,
  gatewayTimeout: 4,
  aborted: 5,
  refused: 6,
  retried: 7,
  /** Requests rejected by the rate limit. */
  limited: 8,
  /** Requests without the key to hash. */
  keyless: 9,
  /** Requests in progress, and how many of them are retries. */
  active: 10,
  retrying: 11,
  backends: 12,
} as const

/** The counters of one worker slot that do not depend on the configuration, by index in its column. */
export const slotCount = {
  /** Client connections that were closed. */
  closed: 0,
  /** 1 once the worker exits by an uncaught exception: it takes no more connections. */
  exiting: 1,
  /** Lines of the access log that could not be written. */
  logDropped: 2,
} as const

/** Doubles of a cache line: the columns of two slots share none. */
const slotCells = 8

/** Memory for the counters of all worker slots. */
export function allocateSlots(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(workers * slotCells * Float64Array.BYTES_PER_ELEMENT)
}

/** The column of the slot of one worker. */
export function slotCountersOf(memory: SharedArrayBuffer, worker: number): Counters {
  return new Float64Array(memory, worker * slotCells * Float64Array.BYTES_PER_ELEMENT, slotCells)
}

/** The counters of one worker. Only that worker writes them, so they need no atomic operations. */
export type Counters = Float64Array

/** The index, in a column for `rows` backends, of the worker's requests in flight to the first backend. */
export function inFlightAt(rows: number): number {
  return count.backends + rows
}

/** Memory for the counters of all workers: one column each, on separate cache lines. */
export function allocateCounters(workers: number, rows: number): SharedArrayBuffer {
  return new SharedArrayBuffer(workers * columnBytes(rows))
}

/** The column of one worker. */
export function countersOf(memory: SharedArrayBuffer, worker: number, rows: number): Counters {
  return new Float64Array(memory, worker * columnBytes(rows), count.backends + 2 * rows)
}

/** Adds `amount` to one counter. */
export function tally(counters: Counters, index: number, amount = 1): void {
  counters[index] = (counters[index] as number) + amount
}

/** The counts of all workers together: all but those of the main thread. */
export function totals(
  memory: SharedArrayBuffer,
  { workers, table }: { readonly workers: number; readonly table: TableMemory },
): Omit<BalancerCounts, 'turnedAway'> {
  const columns = Array.from({ length: workers }, (_, i) => countersOf(memory, i, table.rows))
  const sum = (index: number) => columns.reduce((all, column) => all + (column[index] as number), 0)
  return {
    requests: sum(count.requests),
    answered: sum(count.answered),
    failed: {
      502: sum(count.badGateway),
      503: sum(count.unavailable),
      504: sum(count.gatewayTimeout),
    },
    aborted: sum(count.aborted),
    refused: sum(count.refused),
    retried: sum(count.retried),
    limited: sum(count.limited),
    keyless: sum(count.keyless),
    perBackend: Array.from({ length: table.rows }, (_, row) => sum(count.backends + row)),
    inFlight: [...new Int32Array(table.inFlight)],
    perWorker: columns.map((column) => column[count.requests] as number),
  }
}

function columnBytes(rows: number): number {
  const line = 64
  return Math.ceil(((count.backends + 2 * rows) * Float64Array.BYTES_PER_ELEMENT) / line) * line
}
