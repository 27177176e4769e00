import { createHistogram, performance } from 'node:perf_hooks'

/** Milliseconds between two looks. */
const interval = 20

/** How late the event loop was since it was last asked, in seconds. */
export interface LoopDelay {
  readonly median: number
  readonly p99: number
  readonly max: number
}

/**
 * Watches how late the event loop is: a timer that is due every 20 ms, and how much later it comes. Node's
 * own monitorEventLoopDelay does the same, but each reset of it loses the delay that is under way.
 */
export function watchLoopDelay(): Disposable & { take(): LoopDelay } {
  const late = createHistogram()
  let due = performance.now() + interval
  const timer = setInterval(() => {
    const now = performance.now()
    late.record(Math.max(1, Math.round((now - due) * 1e6)))
    due = now + interval
  }, interval)
  timer.unref()
  return {
    take() {
      const seconds = (nanoseconds: number) => (late.count === 0 ? 0 : nanoseconds / 1e9)
      const taken = {
        median: seconds(late.percentile(50)),
        p99: seconds(late.percentile(99)),
        max: seconds(late.max),
      }
      late.reset()
      return taken
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
