/** How long a process that wants to run every millisecond had to wait beyond it. Seconds. */
export interface TimerJitter {
  /** Moments that were looked at: a millisecond apart, also while it waited. */
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Milliseconds of one sleep. */
export const sleepMs = 1

/** Microseconds of one count. */
const countMicros = 10
/** Counts of waits, the last of them of a second and more; behind them one of all sleeps. */
const waits = 100_001
export const sleepCountIndex = waits
export const countsBytes = 4 * (waits + 1)

/**
 * Counts a wait, and those of the moments in it: what had wanted to run a millisecond later would have waited
 * a millisecond less. Without them a stall of 100 ms would be one wait among a thousand.
 */
export function countWait(counts: Int32Array, waitedMs: number): void {
  let leftMs = waitedMs
  do {
    const at = Math.min(waits - 1, Math.floor((leftMs * 1000) / countMicros))
    Atomics.add(counts, at, 1)
    leftMs -= sleepMs
  } while (leftMs >= sleepMs)
}

/** What was counted between two readings. Each wait is taken as the upper end of its count. */
export function jitterBetween(from: Int32Array, to: Int32Array): TimerJitter {
  const seen = Array.from({ length: waits }, (_, i) => (to[i] as number) - (from[i] as number))
  const count = seen.reduce((sum, n) => sum + n, 0)
  // The nearest rank: the smallest wait that this share of all does not exceed.
  const quantile = (share: number): number => {
    const rank = Math.max(1, Math.ceil(share * count))
    let [at, reached] = [0, seen[0] as number]
    while (reached < rank) reached += seen[++at] as number
    return ((at + 1) * countMicros) / 1e6
  }
  const of = (share: number) => (count === 0 ? 0 : quantile(share))
  return { count, p50: of(0.5), p99: of(0.99), p999: of(0.999), max: of(1) }
}
