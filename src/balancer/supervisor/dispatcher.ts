import type { Socket } from 'node:net'
import type { WorkerMessage } from '../worker/worker-options.ts'
import { isReady, openConnections, type WorkerSlot } from './worker-slot.ts'

/** Maximum number of connections that wait for a ready worker; further ones are closed. */
export const maxWaiting = 4096

/** Distributes accepted connections over the workers. */
export interface Dispatcher {
  /** Sends a connection to the ready worker with the fewest open ones, or queues it until a worker is ready. */
  dispatch(socket: Socket): void
  /** A worker became ready: the queued connections are dispatched. */
  workerReady(): void
  /** Connections in the queue. */
  waiting(): number
  /** Closes the queued connections, and from now on every connection that no worker is ready for. */
  close(): void
}

/** A connection that waits for a ready worker, since a time in ms. */
interface Waiting {
  readonly socket: Socket
  readonly since: number
}

/**
 * A dispatcher for the workers in `slots`: least connections, ties in turn. Nothing is read from a connection
 * before a worker has it.
 *
 * @param maxWait seconds after which a connection that no worker was ready for is closed
 */
export function dispatcher(slots: readonly WorkerSlot[], maxWait: () => number): Dispatcher {
  const queue: Waiting[] = []
  let timer: NodeJS.Timeout | undefined
  let capacity = maxWaiting
  let start = 0

  function leastConnected(): WorkerSlot | undefined {
    start = (start + 1) % slots.length
    let best: WorkerSlot | undefined
    for (let step = 0; step < slots.length; step++) {
      const slot = slots[(start + step) % slots.length] as WorkerSlot
      if (!isReady(slot)) continue
      if (best === undefined || openConnections(slot) < openConnections(best)) best = slot
    }
    return best
  }

  function dispatch(socket: Socket): void {
    const slot = leastConnected()
    if (slot !== undefined) send(slot, socket)
    else if (queue.length < capacity) {
      queue.push({ socket, since: performance.now() })
      expireNext()
    } else socket.destroy()
  }

  function expireNext(): void {
    const [oldest] = queue
    if (oldest === undefined || timer !== undefined) return
    timer = setTimeout(expire, oldest.since + maxWait() * 1000 - performance.now())
  }

  function expire(): void {
    timer = undefined
    const limit = performance.now() - maxWait() * 1000
    // A timer may fire a fraction of a millisecond early.
    while (queue[0] !== undefined && queue[0].since <= limit + 1) queue.shift()?.socket.destroy()
    expireNext()
  }

  return {
    dispatch,
    workerReady() {
      clearTimeout(timer)
      timer = undefined
      for (const { socket } of queue.splice(0)) dispatch(socket)
    },
    waiting: () => queue.length,
    close() {
      capacity = 0
      clearTimeout(timer)
      for (const { socket } of queue.splice(0)) socket.destroy()
    },
  }
}

function send(slot: WorkerSlot, socket: Socket): void {
  slot.dispatched++
  const message: WorkerMessage = { socket }
  slot.worker.postMessage(message, [socket as never])
}
