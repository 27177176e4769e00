/** A quantile of the most recent integers. Allocates nothing. */
export interface RecentQuantile {
  add(value: number): void
  /** The quantile; 0 before the first value. */
  read(): number
}

/** Number of values in the window. */
const windowSize = 128

/** Larger values count as this one: no backend has so many requests in flight. */
const maxValue = 1023

/**
 * The `quantile` (0 … 1) of the last 128 values: a ring buffer, and a count of each value in it. Reading walks up
 * the counts, so it takes as many steps as the result is high.
 */
export function recentQuantile(quantile: number): RecentQuantile {
  const ring = new Int32Array(windowSize)
  const counts = new Int32Array(maxValue + 1)
  let added = 0

  return {
    add(value) {
      const index = added % windowSize
      const oldest = ring[index] as number
      if (added >= windowSize) counts[oldest] = (counts[oldest] as number) - 1
      const capped = Math.min(value, maxValue)
      ring[index] = capped
      counts[capped] = (counts[capped] as number) + 1
      // Stays small, and at least `windowSize` once the ring is full.
      added = added + 1 === 2 * windowSize ? windowSize : added + 1
    },

    read() {
      const rank = Math.floor(quantile * (Math.min(added, windowSize) - 1))
      let below = 0
      for (let value = 0; value <= maxValue; value++) {
        below += counts[value] as number
        if (below > rank) return value
      }
      return 0
    },
  }
}
