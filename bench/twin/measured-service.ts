import type { Service } from '../../src/simulator/options.ts'
import type { Histogram } from '../../src/stats/histogram/histogram.ts'

/** Points of the distribution: every 0.05 %. */
const points = 2000

/** A measured histogram as a service time, less `overhead` seconds of the way to the backend and back. */
export function measuredService(times: Histogram, overhead: number): Service {
  const cumulative = Array.from({ length: points }, (_, i) => (i + 1) / points)
  const seconds = cumulative.map((share) =>
    Math.max(0, times.percentile(share * 100) / 1e6 - overhead),
  )
  return { kind: 'empirical', seconds, cumulative }
}
