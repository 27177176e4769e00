import type { Worker } from 'node:worker_threads'
import { count, inFlightAt } from '../shared/counters.ts'
import type { Shared } from '../worker/shared-memory.ts'

/** The slot of one worker: it keeps its number and its counters when the worker is replaced. */
export interface WorkerSlot {
  worker: Worker
  /** As far as the main thread knows; `terminating`: the main thread ends the worker. */
  state: 'starting' | 'ready' | 'terminating'
  /** Consecutive workers of this slot that exited before they were ready. */
  failedStarts: number
  /** Starts the next worker after such an exit. */
  respawnTimer: NodeJS.Timeout | undefined
  /** Connections that were sent to this slot since the balancer started. */
  dispatched: number
  readonly counters: Float64Array
}

/**
 * Whether the slot takes connections; one that is sent to an exiting worker is lost. A worker that exits by
 * an uncaught exception knows so before the main thread does, and sets `count.exiting`.
 */
export function isReady({ state, counters }: WorkerSlot): boolean {
  return state === 'ready' && counters[count.exiting] === 0
}

/** Connections of a slot that are open now. */
export function openConnections({ dispatched, counters }: WorkerSlot): number {
  return dispatched - (counters[count.closed] as number)
}

/**
 * Settles the counters of a slot whose worker exited: its requests in flight count as aborted and are
 * taken out of the backends' totals, its connections count as closed.
 */
export function settleCounters(slot: WorkerSlot, { table }: Shared): void {
  const { counters } = slot
  const { rows } = table
  const inFlight = new Int32Array(table.inFlight)
  for (let row = 0; row < rows; row++) {
    const lost = counters[inFlightAt(rows) + row] as number
    counters[inFlightAt(rows) + row] = 0
    Atomics.sub(inFlight, row, lost)
    counters[count.aborted] = (counters[count.aborted] as number) + lost
  }
  counters[count.active] = 0
  counters[count.retrying] = 0
  counters[count.exiting] = 0
  counters[count.closed] = slot.dispatched
}
