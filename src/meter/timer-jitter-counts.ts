/** Timer jitter: how late a 1 ms timer fired. Seconds. */
export interface TimerJitter {
  /** Number of samples, a millisecond apart, also during a stall. */
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Milliseconds of one sleep. */
export const sleepMs = 1

/** Microseconds per bucket. */
const bucketMicros = 10
/** Number of buckets, of which the last is for waits of 1 s and more; the cell behind them counts all sleeps. */
const buckets = 100_001
export const sleepCountIndex = buckets
export const countsBytes = 4 * (buckets + 1)

/**
 * Counts a wait, and those of the samples within it: a timer that was due a millisecond later would have waited
 * a millisecond less. Otherwise a stall of 100 ms would be one wait among a thousand (coordinated omission).
 */
export function countWait(counts: Int32Array, waitedMs: number): void {
  let leftMs = waitedMs
  do {
    const at = Math.min(buckets - 1, Math.floor((leftMs * 1000) / bucketMicros))
    Atomics.add(counts, at, 1)
    leftMs -= sleepMs
  } while (leftMs >= sleepMs)
}

/** The jitter between two readings of the counts. Each wait is taken as the upper end of its bucket. */
export function jitterBetween(from: Int32Array, to: Int32Array): TimerJitter {
  const counts = Array.from({ length: buckets }, (_, i) => (to[i] as number) - (from[i] as number))
  const count = counts.reduce((sum, n) => sum + n, 0)
  // The nearest rank: the smallest wait that this fraction of all samples does not exceed.
  const quantile = (fraction: number): number => {
    const rank = Math.max(1, Math.ceil(fraction * count))
    let [at, reached] = [0, counts[0] as number]
    while (reached < rank) reached += counts[++at] as number
    return ((at + 1) * bucketMicros) / 1e6
  }
  const of = (fraction: number) => (count === 0 ? 0 : quantile(fraction))
  return { count, p50: of(0.5), p99: of(0.99), p999: of(0.999), max: of(1) }
}
