import { pairsPerComparison } from '../../plan/aa-plan.ts'
import type { MetricName } from '../../result/metrics.ts'
import { marginOn } from '../../stats/tests/noise-floor.ts'
import type { Noise } from '../../store/noise-store.ts'

/** δ: the minimum relative difference that is reported as a change, with so many pairs, or trials on each side. */
export type Margins = (metric: MetricName, pairs: number) => number

/** The margins of a host: its noise floor, as far as it was measured. */
export function marginsOf(noise: Pick<Noise, 'floors'> | undefined): Margins {
  return (metric, pairs) => marginOn(noise?.floors[metric], pairs / pairsPerComparison)
}
