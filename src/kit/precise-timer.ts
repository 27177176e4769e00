import { lateness } from './lateness.ts'
import { sleeperThread } from './precise-timer-sleeper.ts'

/**
 * A timer that fires some 20 µs after its time. Node's timers are late by up to a millisecond. This one sleeps in a
 * thread of its own, or, where its owner has nothing to do until then, in the thread of the owner, and learns how late
 * the kernel wakes it; or it spins, which uses a CPU.
 */
export interface PreciseTimer {
  /** Resolves once its thread runs. Times set earlier fire too, but late by the start of the thread. */
  readonly ready: Promise<unknown>
  /** Fires once, at `atMs` or soon after, in place of any time set before. Milliseconds of `performance.now()`. */
  set(atMs: number): void
  /**
   * The owner has nothing to do before the time that is set: this thread sleeps until then, some milliseconds at a time,
   * which costs less than to be woken by another thread. Nothing that becomes due meanwhile is lost; it is late by
   * that.
   */
  idle(): void
  /** Milliseconds that this thread slept in `idle`, or spun, rather than worked. */
  readonly idleMs: number
  /** Cancels the timer and ends its thread. */
  close(): Promise<void>
}

/** Options of a precise timer. */
export interface PreciseTimerOptions {
  /** Spins from the event loop until each time instead of sleeping: for a thread with a CPU of its own. */
  readonly spin?: boolean
}

/** Milliseconds before the time from which on it spins, so that a wake-up is not too late by the time it takes. */
const shortMs = 0.02
/** Maximum milliseconds that it wakes early, since a sleeper wakes late. */
const maxEarlyMs = 0.08
/** Milliseconds that it aims to be late: the median of the wake-ups is then late by that, and few are early and must spin. */
const aimMs = 0.02
/** Maximum fraction of the interval between two times that it wakes early; more would use a CPU at high rates. */
const maxEarlyFraction = 0.2
/** Weight of the newest interval in the moving average of intervals. */
const intervalWeight = 1 / 16
/** Minimum and maximum milliseconds that `idle` sleeps at once. */
const [minSleepMs, maxSleepMs] = [0.05, 2]
/** Maximum milliseconds between two polls that found nothing to do in between. */
const emptyTurnMs = 0.03

/** A timer that calls `fire` at the times that are set: from the event loop, never from within `set` or `idle`. */
export function preciseTimer(
  fire: (nowMs: number) => void,
  { spin = false }: PreciseTimerOptions = {},
): PreciseTimer {
  let dueMs = Number.POSITIVE_INFINITY
  let [spinning, sleeping, closed] = [false, false, false]
  let firedMs = performance.now()
  let polledMs = 0
  let intervalMs = maxEarlyMs / maxEarlyFraction
  let idleMs = 0
  const woken = lateness()
  const slept = lateness()
  const bed = new Int32Array(new SharedArrayBuffer(4))

  const earlyMs = (late: number): number =>
    Math.min(maxEarlyMs, maxEarlyFraction * intervalMs, Math.max(0, late - aimMs))
  const wait = (nowMs: number): void => {
    if (spinning || sleeping || dueMs === Number.POSITIVE_INFINITY) return
    const wakeMs = dueMs - earlyMs(woken.medianMs)
    if (thread !== undefined && wakeMs - nowMs > shortMs) thread.wakeBy(wakeMs)
    else startPolling(nowMs)
  }
  const startPolling = (nowMs: number): void => {
    spinning = true
    polledMs = nowMs
    setImmediate(poll)
  }
  const poll = (): void => {
    spinning = false
    if (closed) return
    const nowMs = performance.now()
    if (nowMs >= dueMs) fireAt(nowMs)
    else {
      if (spin && nowMs - polledMs < emptyTurnMs) idleMs += nowMs - polledMs
      wait(nowMs)
    }
  }
  const fireAt = (nowMs: number): void => {
    dueMs = Number.POSITIVE_INFINITY
    intervalMs += (nowMs - firedMs - intervalMs) * intervalWeight
    firedMs = nowMs
    fire(nowMs)
  }
  /** Sleeps in this thread; another turn of the event loop comes in between where the time is further away. */
  const sleep = (): void => {
    sleeping = false
    if (closed || spinning) return
    const nowMs = performance.now()
    const wakeMs = dueMs - earlyMs(slept.medianMs)
    const leftMs = wakeMs - nowMs
    if (!(leftMs > minSleepMs) || dueMs === Number.POSITIVE_INFINITY) {
      wait(nowMs)
      return
    }
    thread?.cancel()
    Atomics.wait(bed, 0, 0, Math.min(leftMs, maxSleepMs))
    const wokenMs = performance.now()
    idleMs += wokenMs - nowMs
    if (leftMs > maxSleepMs) {
      sleeping = true
      setImmediate(sleep)
      return
    }
    slept.add(wokenMs - wakeMs)
    startPolling(wokenMs)
  }
  const thread = spin
    ? undefined
    : sleeperThread((requestedMs) => {
        woken.add(performance.now() - requestedMs)
        if (!spinning && !sleeping) poll()
      })

  return {
    ready: thread?.ready ?? Promise.resolve(),
    set(atMs) {
      dueMs = atMs
      wait(performance.now())
    },
    idle() {
      if (spin || sleeping || spinning || closed) return
      sleeping = true
      setImmediate(sleep)
    },
    get idleMs() {
      return idleMs
    },
    async close() {
      closed = true
      await thread?.close()
    },
  }
}
