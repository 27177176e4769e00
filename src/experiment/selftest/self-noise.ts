import { pairsPerComparison } from '../../plan/aa-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import { metrics } from '../../result/metrics.ts'
import type { MetricNoise } from '../../result/selftest.ts'
import { type Comparison, compare } from '../../stats/tests/comparison.ts'
import { findableEffect } from '../../stats/tests/findable-effect.ts'
import { marginOn, minMargin, noiseFloor } from '../../stats/tests/noise-floor.ts'
import { type Question, uncorrected } from '../findings/host-speed.ts'
import { compared, pairings, pairsOf, valuesOf } from '../findings/pairs.ts'

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
      // The floor becomes δ of later comparisons.
      findable: findableEffect(pairsPerComparison, { spread, margin: marginOn(floor, 1) }),
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
    return runsOfBlocks(trials, pairing, question).map((run) => {
      const { pairs, covariate } = pairsOf(run, pairing, question)
      return compare(pairs, { better, margin: minMargin, covariate })
    })
  })
}

/** The trials of each run of as many complete blocks as one comparison has. */
function runsOfBlocks(
  trials: readonly Measurement[],
  { base, other }: ReturnType<typeof pairings>[number],
  question: Question,
): Measurement[][] {
  const reading = { question, speed: uncorrected }
  const [of, beside] = [base, other].map(({ name }) => valuesOf(trials, name, reading)) as [
    Map<number, number>,
    Map<number, number>,
  ]
  const complete = [...of].flatMap(([block, value]) =>
    value > 0 && (beside.get(block) ?? 0) > 0 ? [block] : [],
  )
  return Array.from({ length: Math.floor(complete.length / pairsPerComparison) }, (_, i) => {
    const own = complete.slice(i * pairsPerComparison, (i + 1) * pairsPerComparison)
    return trials.filter(({ trial }) => own.includes(trial.block))
  })
}
