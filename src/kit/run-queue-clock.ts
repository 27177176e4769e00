import { closeSync, openSync, readSync } from 'node:fs'

/** The time for which one thread has waited for a CPU. */
export interface RunQueueClock extends Disposable {
  /**
   * Milliseconds that it has waited since it began. Exact while it runs: the kernel counts a wait when it ends. Costs a few
   * microseconds.
   */
  waitedMs(): number
}

const [zero, nine, space] = ['0', '9', ' '].map((one) => one.charCodeAt(0)) as [
  number,
  number,
  number,
]

/**
 * The clock of the calling thread; it stands at 0 where the kernel does not count these waits. Allocates nothing when it is read.
 * Linux, Documentation/scheduler/sched-stats.rst: the second number of `schedstat`, in ns.
 */
export function runQueueClock(file = '/proc/thread-self/schedstat'): RunQueueClock {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return { waitedMs: () => 0, [Symbol.dispose]: () => {} }
  }
  const buffer = Buffer.alloc(64)
  return {
    waitedMs: () => secondNumber(buffer, readSync(descriptor, buffer, 0, buffer.length, 0)) / 1e6,
    [Symbol.dispose]: () => closeSync(descriptor),
  }
}

function secondNumber(text: Buffer, length: number): number {
  let at = 0
  while (at < length && text[at] !== space) at++
  let value = 0
  for (at++; at < length; at++) {
    const digit = text[at] as number
    if (digit < zero || digit > nine) break
    value = 10 * value + digit - zero
  }
  return value
}
