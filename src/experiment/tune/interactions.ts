import { defaultArm, type TunePlan, twinArm } from '../../knobs/tune-plan.ts'
import type { Comparison, Measurement } from '../../result/document.ts'
import { compare } from '../../stats/tests/comparison.ts'
import { adjustFamily } from '../../stats/tests/family.ts'
import { storedComparison } from '../findings/comparisons.ts'
import type { Margins } from '../findings/margins.ts'
import { costsOf } from '../findings/metrics-of.ts'

const metric = 'cpuPerRequest' as const

/**
 * Whether two knobs together do more or less than both alone: CPU per request of the arm with both, compared with default × A
 * ÷ default × B ÷ default of the same block, where the default is the mean of itself and its twin.
 */
export function interactions(
  { crossed }: Pick<TunePlan, 'crossed'>,
  trials: readonly Measurement[],
  margin: Margins,
): Comparison[] {
  const of = (arm: string, block: number) => {
    const own = trials.findLast(
      ({ trial, verdict }) =>
        trial.arm === arm && trial.block === block && trial.phase === 'capacity' && verdict.valid,
    )
    return own && costsOf(own)[metric]
  }
  const blocks = [...new Set(trials.map(({ trial }) => trial.block))]
  const family = crossed.flatMap(({ arm, first, second }) => {
    const pairs = blocks.flatMap((block) => {
      const [own, a, b, base] = [arm, first, second, defaultArm].map((name) => of(name, block))
      if (!(own && a && b && base)) return []
      const twin = of(twinArm, block) ?? base
      return [[(a * b) / Math.sqrt(base * twin), own] as const]
    })
    if (pairs.length < 2) return []
    const found = compare(pairs, { better: 'less', margin: margin(metric, pairs.length) })
    return [{ ...found, metric, phase: 'capacity' as const, arm, base: `${first} × ${second}` }]
  })
  return adjustFamily(family).map(storedComparison)
}
