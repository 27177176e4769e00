import type { Histogram } from './histogram.ts'

/** How many times of a histogram are below so many µs, to the resolution of its buckets. */
export function countBelow(times: Histogram, micros: number): number {
  let [low, high] = [0, times.count]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    // The middle of a rank, so that no rounding moves it to a neighbour.
    if (times.percentile(((middle - 0.5) / times.count) * 100) < micros) low = middle
    else high = middle - 1
  }
  return low
}
