import type { Phase, Plan } from '../../plan/plan.ts'
import { pairsEach } from '../../plan/self-plan.ts'
import type { Measurement } from '../../result/document.ts'
import { type MetricName, metrics } from '../../result/metrics.ts'
import type { MetricNoise } from '../../result/selftest.ts'
import { effectFound } from '../../stats/estimates/precision.ts'
import { type Comparison, compare } from '../../stats/tests/comparison.ts'
import { minMargin, noiseFloor } from '../../stats/tests/noise-floor.ts'
import { compared, pairings, pairsOf } from '../findings/pairs.ts'

/** What a phase is held against itself by. */
interface Question {
  readonly phase: Phase
  readonly metric: MetricName
}

/**
 * What the trials of an arm against itself say of a host, metric by metric; nothing of a metric that has too
 * few valid pairs for one comparison.
 */
export function selfNoise(plan: Plan, trials: readonly Measurement[]): MetricNoise[] {
  return plan.phases.flatMap((phase) =>
    compared[phase].flatMap((metric) => noiseOf(plan, trials, { phase, metric })),
  )
}

function noiseOf(plan: Plan, trials: readonly Measurement[], question: Question): MetricNoise[] {
  const found = selfComparisons(plan, trials, question)
  if (found.length === 0) return []
  const spread = Math.sqrt(found.reduce((sum, one) => sum + one.spread ** 2, 0) / found.length)
  const { comparisons, falseAlarms, mostAllowed, trustworthy, floor } = noiseFloor(found)
  return [
    {
      metric: question.metric,
      comparisons,
      falseAlarms,
      mostAllowed,
      trustworthy,
      floor,
      findable: effectFound(pairsEach, { spread }),
    },
  ]
}

/** One comparison from each run of `pairsEach` blocks; none shares a trial with another. */
function selfComparisons(
  plan: Plan,
  trials: readonly Measurement[],
  question: Question,
): Comparison[] {
  const { better } = metrics[question.metric]
  return pairings(plan).flatMap((pairing) => {
    const { pairs } = pairsOf(trials, pairing, question)
    return Array.from({ length: Math.floor(pairs.length / pairsEach) }, (_, i) =>
      compare(pairs.slice(i * pairsEach, (i + 1) * pairsEach), {
        better,
        margin: minMargin,
      }),
    )
  })
}
