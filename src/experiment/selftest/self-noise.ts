import { pairsPerComparison } from '../../plan/aa-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import { metrics } from '../../result/metrics.ts'
import type { MetricNoise } from '../../result/selftest.ts'
import { detectableEffect } from '../../stats/estimates/power.ts'
import { type Comparison, compare } from '../../stats/tests/comparison.ts'
import { minMargin, noiseFloor } from '../../stats/tests/noise-floor.ts'
import type { Question } from '../findings/host-speed.ts'
import { compared, pairings, pairsOf } from '../findings/pairs.ts'

/**
 * The noise of a host, metric by metric, from comparisons of an arm with itself. Metrics with too few valid pairs for
 * one comparison are left out.
 */
export function selfNoise(plan: Plan, trials: readonly Measurement[]): MetricNoise[] {
  return plan.phases.flatMap((phase) =>
    compared[phase].flatMap((metric) => noiseOf(plan, trials, { phase, metric })),
  )
}

function noiseOf(plan: Plan, trials: readonly Measurement[], question: Question): MetricNoise[] {
  const comparisons = selfComparisons(plan, trials, question)
  if (comparisons.length === 0) return []
  const variances = comparisons.map(({ spread }) => spread ** 2)
  const spread = Math.sqrt(variances.reduce((a, b) => a + b) / variances.length)
  const { falseAlarms, maxFalseAlarms, trustworthy, floor } = noiseFloor(comparisons)
  return [
    {
      metric: question.metric,
      comparisons: comparisons.length,
      falseAlarms,
      maxFalseAlarms,
      trustworthy,
      floor,
      findable: detectableEffect(pairsPerComparison, { spread }),
    },
  ]
}

/** One comparison from each run of `pairsPerComparison` blocks; none shares a trial with another. */
function selfComparisons(
  plan: Plan,
  trials: readonly Measurement[],
  question: Question,
): Comparison[] {
  const { better } = metrics[question.metric]
  return pairings(plan).flatMap((pairing) => {
    const { pairs } = pairsOf(trials, pairing, question)
    return Array.from({ length: Math.floor(pairs.length / pairsPerComparison) }, (_, i) =>
      compare(pairs.slice(i * pairsPerComparison, (i + 1) * pairsPerComparison), {
        better,
        margin: minMargin,
      }),
    )
  })
}
