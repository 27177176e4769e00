import type { Phase } from '../../plan/plan.ts'
import type { MetricName } from '../../result/metrics.ts'
import { compared } from '../findings/pairs.ts'

/** The metrics of an A/B comparison or of one with a baseline, by phase: those of a plain run, and memory. */
export const comparedMetrics: Readonly<Record<Phase, readonly MetricName[]>> = {
  capacity: [...compared.capacity, 'rssMean'],
  latency: compared.latency,
}

/** Phases in which a metric is compared: its own, or for a cost the only phase of the run. */
export function phasesFor(metric: MetricName, phases: readonly Phase[]): Phase[] {
  if (metric === 'throughput') return phases.filter((phase) => phase === 'capacity')
  if (metric === 'errorShare') return [...phases]
  const isCost = metric.startsWith('rss') || metric.startsWith('cpu')
  const own = isCost ? 'capacity' : 'latency'
  if (phases.includes(own)) return [own]
  return isCost ? [...phases] : []
}
