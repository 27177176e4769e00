import type { Worker } from 'node:worker_threads'
import { count, inFlightAt } from '../shared/counters.ts'
import type { Shared } from '../worker/shared-memory.ts'

/** Where a worker is, or another once it is gone. */
export interface WorkerSlot {
  worker: Worker
  /** As far as the main thread knows; dying where it ends the worker itself. */
  state: 'loading' | 'ready' | 'dying'
  /** Workers of this place, up to the last one, that ended before they were ready. */
  failedStarts: number
  /** What will fill the place after such a one. */
  refill: NodeJS.Timeout | undefined
  /** Connections that were given to this place since the start. */
  handed: number
  readonly counters: Float64Array
}

/**
 * Whether it takes connections: what is handed to a worker that is dying is lost. One that dies of an error
 * knows that first, and says so in its counters.
 */
export function isReady({ state, counters }: WorkerSlot): boolean {
  return state === 'ready' && counters[count.dying] === 0
}

/** Connections of a place that are open now. */
export function openOf({ handed, counters }: WorkerSlot): number {
  return handed - (counters[count.closed] as number)
}

/** What a dead worker had in flight is in flight no more, and its connections are closed. */
export function takeBack(place: WorkerSlot, { table }: Shared): void {
  const { counters } = place
  const { rows } = table
  const inFlight = new Int32Array(table.inFlight)
  for (let row = 0; row < rows; row++) {
    const held = counters[inFlightAt(rows) + row] as number
    counters[inFlightAt(rows) + row] = 0
    Atomics.sub(inFlight, row, held)
    counters[count.aborted] = (counters[count.aborted] as number) + held
  }
  counters[count.active] = 0
  counters[count.retrying] = 0
  counters[count.dying] = 0
  counters[count.closed] = place.handed
}
