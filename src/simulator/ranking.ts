import type {
  AlgorithmResult,
  BesideBest,
  Ranking,
  SimulatedMetric,
  Simulation,
} from '../result/simulation.ts'
import { compare } from '../stats/tests/comparison.ts'

/**
 * The best algorithm by a metric, and the others beside it, in pairs of replications with the same requests. Undefined if no
 * algorithm has the metric.
 */
export function rank(
  { algorithms, margin }: Simulation,
  metric: SimulatedMetric,
): Ranking | undefined {
  const measured = algorithms.filter(({ metrics }) => metrics !== undefined)
  const inOrder = measured.toSorted((a, b) => centerOf(a, metric) - centerOf(b, metric))
  const [best, ...rest] = inOrder
  if (best === undefined) return undefined
  const others = rest.map((one) => beside(best, one, { metric, margin }))
  const asGood = others.filter(({ comparison }) => comparison?.outcome !== 'worse')
  return { metric, best: best.name, asGood: [best.name, ...asGood.map(({ name }) => name)], others }
}

function centerOf({ metrics }: AlgorithmResult, metric: SimulatedMetric): number {
  return metrics?.[metric].center ?? Number.POSITIVE_INFINITY
}

function beside(
  best: AlgorithmResult,
  other: AlgorithmResult,
  { metric, margin }: { readonly metric: SimulatedMetric; readonly margin: number },
): BesideBest {
  const pairs = best.replications.map(
    (figures, i) => [figures[metric], other.replications[i]?.[metric] ?? 0] as const,
  )
  const isComparable = pairs.length > 1 && pairs.every(([base, one]) => base > 0 && one > 0)
  return {
    name: other.name,
    comparison: isComparable ? compare(pairs, { better: 'less', margin }) : undefined,
  }
}
