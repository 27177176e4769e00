import type { TableMemory } from '../../algorithms/parts/table.ts'
import type { BalancerCounts } from '../config/config.ts'

/**
 * What one worker counts, by place in its column. Behind them: requests sent to each backend, and
 * requests that the worker has in flight to each.
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
  /** Connections of clients that were closed. */
  closed: 8,
  /** Requests that the rate limit turned away. */
  limited: 9,
  /** Requests without the key that is to be hashed. */
  keyless: 10,
  /** Requests being served now, and how many of them are retries. */
  active: 11,
  retrying: 12,
  /** 1 once the worker dies of an error: it takes no more connections. */
  dying: 13,
  backends: 14,
} as const

/** One worker's counts. Only that worker writes them, so they need no atomic operations. */
export type Counters = Float64Array

/** Where in a column the worker's requests in flight to the first of `rows` backends stand. */
export function inFlightAt(rows: number): number {
  return count.backends + rows
}

/** Memory for the counts of all workers, one column each, on cache lines of its own. */
export function allocateCounters(workers: number, rows: number): SharedArrayBuffer {
  return new SharedArrayBuffer(workers * columnBytes(rows))
}

/** The column of one worker. */
export function countersOf(memory: SharedArrayBuffer, worker: number, rows: number): Counters {
  return new Float64Array(memory, worker * columnBytes(rows), count.backends + 2 * rows)
}

/** Adds one, or as much as is said, to a count. */
export function tally(counters: Counters, place: number, more = 1): void {
  counters[place] = (counters[place] as number) + more
}

/** What all workers counted together. */
export function totals(
  memory: SharedArrayBuffer,
  { workers, table }: { readonly workers: number; readonly table: TableMemory },
): BalancerCounts {
  const columns = Array.from({ length: workers }, (_, i) => countersOf(memory, i, table.rows))
  const sum = (place: number) => columns.reduce((all, column) => all + (column[place] as number), 0)
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
