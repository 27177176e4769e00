import type { Socket } from 'node:net'
import type { WorkerMessage } from '../worker/worker-options.ts'
import { isReady, openOf, type WorkerSlot } from './worker-slot.ts'

/** Connections that wait for a worker at most; what comes beyond them is closed. */
export const maxWaiting = 4096

/** Shows connections to their workers. */
export interface Dispatcher {
  /** Hands a connection to the ready worker that has the fewest, or keeps it until one is ready. */
  serve(socket: Socket): void
  /** A worker got ready: it takes what waits. */
  ready(): void
  /** Connections that wait. */
  waiting(): number
  /** Closes what waits, and from now on what would have to. */
  close(): void
}

/** An usher to the workers in these places. Nothing is read from a connection before a worker has it. */
export function dispatcher(places: readonly WorkerSlot[]): Dispatcher {
  const waiting: Socket[] = []
  let room = maxWaiting
  let turn = 0

  function least(): WorkerSlot | undefined {
    turn = (turn + 1) % places.length
    let best: WorkerSlot | undefined
    for (let step = 0; step < places.length; step++) {
      const place = places[(turn + step) % places.length] as WorkerSlot
      if (!isReady(place)) continue
      if (best === undefined || openOf(place) < openOf(best)) best = place
    }
    return best
  }

  function serve(socket: Socket): void {
    const place = least()
    if (place !== undefined) hand(place, socket)
    else if (waiting.length < room) waiting.push(socket)
    else socket.destroy()
  }

  return {
    serve,
    ready() {
      for (const socket of waiting.splice(0)) serve(socket)
    },
    waiting: () => waiting.length,
    close() {
      room = 0
      for (const socket of waiting.splice(0)) socket.destroy()
    },
  }
}

function hand(place: WorkerSlot, socket: Socket): void {
  place.handed++
  const message: WorkerMessage = { socket }
  place.worker.postMessage(message, [socket as never])
}
