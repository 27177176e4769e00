import type { Histogram } from '../stats/histogram/histogram.ts'
import type { Service } from './options.ts'

/** Points of the distribution: every 0.05 %. */
const points = 2000

/** A histogram of measured times as a service time. */
export function measuredService(times: Histogram): Service {
  const cumulative = Array.from({ length: points }, (_, i) => (i + 1) / points)
  const seconds = cumulative.map((share) => times.percentile(share * 100) / 1e6)
  return { kind: 'empirical', seconds, cumulative }
}
