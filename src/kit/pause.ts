import { hrtimeOffsetMs } from './clock.ts'
import { type RunQueueClock, runQueueClock } from './run-queue-clock.ts'

/**
 * Kinds of pauses. `gc`: garbage collection. `loop`: the event loop was late. `wait`: the thread waited for a CPU. Of a balancer:
 * the time that a request had lost when it was sent again (`retry`), the opening of a connection to a backend (`connect`), and
 * the time in which a backend is ejected (`ejection`). Of a mock backend: the wait of a request in its queue (`queue`).
 */
export const pauseKinds = ['gc', 'loop', 'retry', 'connect', 'ejection', 'queue', 'wait'] as const
export type PauseKind = (typeof pauseKinds)[number]

/** Time in which a thread could not serve, or not serve one request, in ms of the host's clock (`hrtimeOffsetMs`). */
export interface Pause {
  readonly kind: PauseKind
  readonly fromMs: number
  readonly untilMs: number
}

/** Milliseconds between two ticks of the event loop, and the lateness from which on a tick is a pause. */
const [tickMs, lateMs] = [5, 4]
/** Milliseconds of waiting for a CPU between two ticks that are a pause. */
const minWaitMs = 2

/**
 * Calls `note` for each garbage collection of the calling thread, and for what `watchTicks` sees. Times are milliseconds of
 * the host's clock. Ends when it is disposed.
 */
export function watchPauses(
  note: (kind: 'gc' | 'loop' | 'wait', fromMs: number, untilMs: number) => void,
): Disposable {
  const offsetMs = hrtimeOffsetMs()
  // Node's global, whose module is loaded with the first use: threads that watch nothing do not pay for it.
  const collections = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      note('gc', startTime + offsetMs, startTime + duration + offsetMs)
    }
  })
  collections.observe({ entryTypes: ['gc'] })
  const ticks = watchTicks(note)
  return {
    [Symbol.dispose]() {
      ticks[Symbol.dispose]()
      collections.disconnect()
    },
  }
}

/**
 * Calls `note` for each delay of the calling thread's event loop by more than 4 ms, from when a timer was due to when it fired,
 * and where the thread waited for a CPU for 2 ms or more since the timer fired before. The wait is placed at the end of that
 * time: of work and wait it is not known which came first. Times are milliseconds of the host's clock. Ends when it is disposed,
 * together with `clock`.
 */
export function watchTicks(
  note: (kind: 'loop' | 'wait', fromMs: number, untilMs: number) => void,
  clock: RunQueueClock = runQueueClock(),
): Disposable {
  const offsetMs = hrtimeOffsetMs()
  let tickedMs = performance.now()
  let waitedMs = clock.waitedMs()
  const timer = setInterval(() => {
    const nowMs = performance.now()
    const dueMs = tickedMs + tickMs
    if (nowMs - dueMs > lateMs) note('loop', dueMs + offsetMs, nowMs + offsetMs)
    const nowWaitedMs = clock.waitedMs()
    const ms = Math.min(nowWaitedMs - waitedMs, nowMs - tickedMs)
    if (ms >= minWaitMs) note('wait', nowMs - ms + offsetMs, nowMs + offsetMs)
    tickedMs = nowMs
    waitedMs = nowWaitedMs
  }, tickMs).unref()
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      clock[Symbol.dispose]()
    },
  }
}
