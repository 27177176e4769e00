import type { Health } from './health.ts'
import { slowStartSlices } from './slow-start-slices.ts'

/** Seconds between two looks at what time alone changes, and the length of a slice in a slow start. */
const look = 0.1
const slice = 0.01

/**
 * Ends ejections that are due, and moves slow starts on, until it is closed. For one thread. It also
 * mends what a worker left half done that was killed while it held the lock.
 */
export function eligibilityTimer(health: Health, now: () => number): Disposable {
  const { turn } = slowStartSlices(health)
  let timer: NodeJS.Timeout
  const sweep = () => {
    timer = setTimeout(sweep, (turn(now()) ? slice : look) * 1000)
    // The sweeper alone must not keep a process alive.
    timer.unref()
  }
  sweep()
  return { [Symbol.dispose]: () => clearTimeout(timer) }
}
