import { createHistogram, performance } from 'node:perf_hooks'

/** Milliseconds between two measurements. */
const interval = 20

/** Delay of the event loop since the last `take`, in seconds. */
export interface LoopDelay {
  readonly median: number
  readonly p99: number
  readonly max: number
}

/**
 * Measures the delay of the event loop: how much later than due a timer of 20 ms fires. Node's own
 * monitorEventLoopDelay measures the same, but each reset loses the delay that is in progress.
 */
export function watchLoopDelay(): Disposable & { take(): LoopDelay } {
  const delays = createHistogram()
  let due = performance.now() + interval
  const timer = setInterval(() => {
    const now = performance.now()
    delays.record(Math.max(1, Math.round((now - due) * 1e6)))
    due = now + interval
  }, interval)
  timer.unref()
  return {
    take() {
      const seconds = (nanoseconds: number) => (delays.count === 0 ? 0 : nanoseconds / 1e9)
      const taken = {
        median: seconds(delays.percentile(50)),
        p99: seconds(delays.percentile(99)),
        max: seconds(delays.max),
      }
      delays.reset()
      return taken
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
