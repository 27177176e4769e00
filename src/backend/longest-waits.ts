import { hrtimeOffsetMs } from '../kit/clock.ts'
import type { Pause } from '../kit/pause.ts'

/** Waits that are kept, and milliseconds from which on a time in the queue is one. */
const [kept, shortestMs] = [512, 1]

/** Keeps the longest waits of requests in the queues of backends. */
interface LongestWaits {
  /** Notes a wait, in ms of `performance.now()`. Allocates nothing. */
  note(fromMs: number, untilMs: number): void
  /** Those that are kept, in ms of the host's clock. */
  report(): Pause[]
}

/**
 * Keeps the longest waits, since those are of the requests that are slowest. Of one that is not among them only its time is
 * compared.
 */
export function longestWaits(): LongestWaits {
  const from = new Float64Array(kept)
  const until = new Float64Array(kept)
  let count = 0
  /** The shortest of those that are kept, and its time: once all places are taken, the next to give way. */
  let shortest = 0
  let leastMs = shortestMs

  const findShortest = (): void => {
    leastMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < kept; i++) {
      const ms = (until[i] as number) - (from[i] as number)
      if (ms >= leastMs) continue
      shortest = i
      leastMs = ms
    }
  }
  return {
    note(fromMs, untilMs) {
      if (untilMs - fromMs <= leastMs) return
      const at = count < kept ? count++ : shortest
      from[at] = fromMs
      until[at] = untilMs
      if (count === kept) findShortest()
    },
    report() {
      const offsetMs = hrtimeOffsetMs()
      return Array.from({ length: count }, (_, i) => ({
        kind: 'queue',
        fromMs: (from[i] as number) + offsetMs,
        untilMs: (until[i] as number) + offsetMs,
      }))
    },
  }
}
