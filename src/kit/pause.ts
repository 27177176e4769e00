import { hrtimeOffsetMs } from './clock.ts'

/**
 * Kinds of pauses. `gc`: garbage collection. `loop`: the event loop was late. Of a balancer: the time that a request had lost
 * when it was sent again (`retry`), the opening of a connection to a backend (`connect`), and the time in which a backend is
 * ejected (`ejection`). Of a mock backend: the wait of a request in its queue (`queue`).
 */
export const pauseKinds = ['gc', 'loop', 'retry', 'connect', 'ejection', 'queue'] as const
export type PauseKind = (typeof pauseKinds)[number]

/** Time in which a thread could not serve, or not serve one request, in ms of the host's clock (`hrtimeOffsetMs`). */
export interface Pause {
  readonly kind: PauseKind
  readonly fromMs: number
  readonly untilMs: number
}

/** Milliseconds between two ticks of the event loop, and the lateness from which on a tick is a pause. */
const [tickMs, lateMs] = [5, 4]

/**
 * Calls `note` for each garbage collection of the calling thread, and for each delay of its event loop by more than 4 ms: from
 * when a timer was due to when it fired. Times are milliseconds of the host's clock. Ends when it is disposed.
 */
export function watchPauses(
  note: (kind: 'gc' | 'loop', fromMs: number, untilMs: number) => void,
): Disposable {
  const offsetMs = hrtimeOffsetMs()
  // Node's global, whose module is loaded with the first use: threads that watch nothing do not pay for it.
  const collections = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      note('gc', startTime + offsetMs, startTime + duration + offsetMs)
    }
  })
  collections.observe({ entryTypes: ['gc'] })
  let dueMs = performance.now() + tickMs
  const timer = setInterval(() => {
    const nowMs = performance.now()
    if (nowMs - dueMs > lateMs) note('loop', dueMs + offsetMs, nowMs + offsetMs)
    dueMs = nowMs + tickMs
  }, tickMs).unref()
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      collections.disconnect()
    },
  }
}
