import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { hrtimeOffsetMs } from './clock.ts'
import { modulePath } from './module-path.ts'
import { cells } from './precise-timer-cells.ts'

/** The thread of a precise timer, from the thread that it wakes. */
export interface SleeperThread {
  /** Resolves once it runs. */
  readonly ready: Promise<unknown>
  /** Wakes this thread at that time, unless it does so earlier. Milliseconds of `performance.now()`. */
  wakeBy(atMs: number): void
  /** Takes the request back. */
  cancel(): void
  close(): Promise<void>
}

/** A thread that calls `wake` soon after the requested times, with the time. */
export function sleeperThread(wake: (requestedMs: number) => void): SleeperThread {
  const shared = new SharedArrayBuffer(cells.bytes)
  const moment = new Float64Array(shared, 0, 1)
  const cell = new Int32Array(shared)
  const offsetMs = hrtimeOffsetMs()
  const thread = new Worker(modulePath('./precise-timer-thread', import.meta.url), {
    workerData: shared,
  })
  thread.unref()
  let wakeMs = Number.POSITIVE_INFINITY
  let observed = 0

  const onWoken = (): void => {
    observed = Atomics.load(cell, cells.woken)
    const requestedMs = wakeMs
    wakeMs = Number.POSITIVE_INFINITY
    listen()
    // A request that was taken back when the thread was about to wake us.
    if (requestedMs < Number.POSITIVE_INFINITY) wake(requestedMs)
  }
  const listen = (): void => {
    const next = Atomics.waitAsync(cell, cells.woken, observed)
    if (next.async) void next.value.then(onWoken)
    else setImmediate(onWoken)
  }
  listen()

  return {
    // Not `online`, which precedes the loading of its module: half a second on a busy machine.
    ready: once(thread, 'message'),
    wakeBy(atMs) {
      if (atMs >= wakeMs) return
      wakeMs = atMs
      moment[0] = atMs + offsetMs
      Atomics.add(cell, cells.requested, 1)
      Atomics.notify(cell, cells.requested)
    },
    cancel() {
      if (wakeMs === Number.POSITIVE_INFINITY) return
      wakeMs = Number.POSITIVE_INFINITY
      // It is not woken for that: it looks when it wakes.
      Atomics.store(cell, cells.cancelled, Atomics.load(cell, cells.requested))
    },
    async close() {
      await thread.terminate()
    },
  }
}
