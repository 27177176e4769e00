import type { Worker } from 'node:worker_threads'
import { count, countersOf, inFlightAt, slotCount } from '../shared/counters.ts'
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
  /** Counters of the slot by `slotCount`. */
  readonly counters: Float64Array
}

/**
 * Whether the slot takes connections; one that is sent to an exiting worker is lost. A worker that exits by
 * an uncaught exception knows so before the main thread does, and sets `slotCount.exiting`.
 */
export function isReady({ state, counters }: WorkerSlot): boolean {
  return state === 'ready' && counters[slotCount.exiting] === 0
}

/** Connections of a slot that are open now. */
export function openConnections({ dispatched, counters }: WorkerSlot): number {
  return dispatched - (counters[slotCount.closed] as number)
}

/** A worker exited: its connections count as closed. */
export function settleSlot({ counters, dispatched }: WorkerSlot): void {
  counters[slotCount.exiting] = 0
  counters[slotCount.closed] = dispatched
}

/**
 * Settles the counters of a worker that exited: its requests in flight count as aborted and are taken out of the
 * backends' totals.
 */
export function settleCounters(worker: number, shared: Shared): void {
  const { rows } = shared.table
  const counters = countersOf(shared.counters, worker, rows)
  const inFlight = new Int32Array(shared.table.inFlight)
  for (let row = 0; row < rows; row++) {
    const lost = counters[inFlightAt(rows) + row] as number
    counters[inFlightAt(rows) + row] = 0
    Atomics.sub(inFlight, row, lost)
    counters[count.aborted] = (counters[count.aborted] as number) + lost
  }
  counters[count.active] = 0
  counters[count.retrying] = 0
}
