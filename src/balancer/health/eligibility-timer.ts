import type { Health } from './health.ts'
import { slowStartSlices } from './slow-start-slices.ts'

/** Seconds between two runs, and while a backend is in its slow start: the length of a slice. */
const pollInterval = 0.1
const sliceSeconds = 0.01

/**
 * Recomputes the eligibility periodically: ends ejections that are due and advances slow starts. For one
 * thread. It also repairs what a worker left inconsistent that was terminated while it held the lock.
 */
export function eligibilityTimer(health: Health, now: () => number): Disposable {
  const { nextSlice } = slowStartSlices(health)
  let timer: NodeJS.Timeout
  const run = () => {
    timer = setTimeout(run, (nextSlice(now()) ? sliceSeconds : pollInterval) * 1000)
    // This timer alone must not keep a process running.
    timer.unref()
  }
  run()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
