import type { Service } from '../../src/simulator/options.ts'
import { median } from '../../src/stats/estimates/quantile.ts'
import type { Histogram } from '../../src/stats/histogram/histogram.ts'

/** Points of a distribution: every 0.05 %. */
const points = 2000

/**
 * The times of several trials in seconds, ascending: at each point of the distribution the median of the trials, so that a stall of the
 * host in one of them is in no figure.
 */
export function medianTimes(trials: readonly Histogram[]): number[] {
  return Array.from({ length: points }, (_, i) => {
    const percent = ((i + 1) / points) * 100
    return median(trials.map((times) => times.percentile(percent) / 1e6))
  })
}

/** The middle of such times, in seconds. */
export function middleOf(times: readonly number[]): number {
  return times[Math.floor(times.length / 2)] as number
}

/** Such times as a distribution, less `overhead` seconds. */
export function serviceOfTimes(times: readonly number[], overhead: number): Service {
  return {
    kind: 'empirical',
    seconds: times.map((seconds) => Math.max(0, seconds - overhead)),
    cumulative: times.map((_, i) => (i + 1) / times.length),
  }
}
