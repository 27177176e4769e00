import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { modulePath } from './module-path.ts'

/**
 * Rings close to a moment that was set. Node's timers are late by up to a millisecond, and a loop that
 * spins until the moment is exact but eats a core; this one sleeps in a thread of its own, which the
 * kernel wakes to within some 100 µs, and spins only over what is left. On an idle machine it rings 0.01 ms
 * late in the median (timers: 0.57) at 0.12 CPUs for 2,000 moments a second (spinning: 1.0).
 */
export interface PreciseTimer {
  /** Settles once its thread runs. What is set before rings too, but late by the thread's start. */
  readonly ready: Promise<unknown>
  /** Rings once, at `atMs` or soon after, in place of any moment set before. Milliseconds of `performance.now()`. */
  set(atMs: number): void
  /** Never rings again, and ends its thread. */
  close(): Promise<void>
}

/** What the alarm and its thread share: one moment in a double, then these 32-bit cells. */
export const cells = { bytes: 16, moment: 0, asked: 2, rung: 3 } as const

/**
 * Milliseconds between this thread's `performance.now()` and `process.hrtime`, which counts alike in every
 * thread. The largest of a few readings: whatever comes between reading the two clocks makes it smaller.
 */
export function hrtimeOffsetMs(): number {
  const readings = Array.from({ length: 20 }, () => {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1e3 + nanoseconds / 1e6 - performance.now()
  })
  return Math.max(...readings)
}

/** The thread is asked to wake us at most this long before the moment, since a sleeper wakes late; we spin over it. */
const longestEarlyMs = 0.08
/** Of the time from ring to ring no more than this is spun away: at 20,000 a second the other way costs a core. */
const spinShare = 0.2
/** Weight of the newest time from ring to ring in their moving average. */
const newest = 1 / 16

/** An alarm that calls `ring` at the moments that are set, from the event loop, never from within `set`. */
export function preciseTimer(ring: (nowMs: number) => void): PreciseTimer {
  let dueMs = Number.POSITIVE_INFINITY
  let spinning = false
  let closed = false
  let rungMs = performance.now()
  let gapMs = longestEarlyMs / spinShare

  const wait = (nowMs: number): void => {
    if (spinning || dueMs === Number.POSITIVE_INFINITY) return
    const earlyMs = Math.min(longestEarlyMs, spinShare * gapMs)
    if (dueMs - nowMs > earlyMs) sleeper.wakeBy(dueMs - earlyMs)
    else {
      spinning = true
      setImmediate(look)
    }
  }
  const look = (): void => {
    spinning = false
    if (closed) return
    const nowMs = performance.now()
    if (nowMs < dueMs) wait(nowMs)
    else {
      dueMs = Number.POSITIVE_INFINITY
      gapMs += (nowMs - rungMs - gapMs) * newest
      rungMs = nowMs
      ring(nowMs)
    }
  }
  const sleeper = sleeperInThread(() => {
    if (!spinning) look()
  })

  return {
    ready: sleeper.ready,
    set(atMs) {
      dueMs = atMs
      wait(performance.now())
    },
    close() {
      closed = true
      return sleeper.close()
    },
  }
}

/** Calls `wake` at the latest soon after the moments it is given; now and then for none at all. */
function sleeperInThread(wake: () => void) {
  const shared = new SharedArrayBuffer(cells.bytes)
  const moment = new Float64Array(shared, 0, 1)
  const cell = new Int32Array(shared)
  const offset = hrtimeOffsetMs()
  const thread = new Worker(modulePath('./precise-timer-thread', import.meta.url), {
    workerData: shared,
  })
  thread.unref()
  let wakeMs = Number.POSITIVE_INFINITY
  let heard = 0

  const woken = (): void => {
    heard = Atomics.load(cell, cells.rung)
    wakeMs = Number.POSITIVE_INFINITY
    listen()
    wake()
  }
  const listen = (): void => {
    const next = Atomics.waitAsync(cell, cells.rung, heard)
    if (next.async) void next.value.then(woken)
    else setImmediate(woken)
  }
  listen()

  return {
    // Not `online`, which precedes the loading of its module: half a second on a busy machine.
    ready: once(thread, 'message'),
    wakeBy(atMs: number): void {
      if (atMs >= wakeMs) return
      wakeMs = atMs
      moment[0] = atMs + offset
      Atomics.add(cell, cells.asked, 1)
      Atomics.notify(cell, cells.asked)
    },
    async close(): Promise<void> {
      await thread.terminate()
    },
  }
}
