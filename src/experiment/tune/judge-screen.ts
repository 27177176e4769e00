import type { ScreenPlan } from '../../knobs/screen-plan.ts'
import type { Measurement } from '../../result/document.ts'
import type { Screen } from '../../result/tune.ts'
import { mainEffects } from '../../stats/design/main-effects.ts'
import { screenedFactors } from '../../stats/design/screened-factors.ts'
import { costsOf } from '../findings/metrics-of.ts'

/** The metric by which knobs are screened: the steadiest one. */
const metric = 'cpuPerRequest'

/** Blocks without which a screen has no intervals. */
const leastBlocks = 2

/**
 * The main effects of a screen on CPU per request, and the knobs that moved it, from the blocks in which every run has a valid
 * trial. Without two such blocks nothing is decided.
 */
export function judgeScreen(
  { plan, factors, levels }: Pick<ScreenPlan, 'plan' | 'factors' | 'levels'>,
  trials: readonly Measurement[],
): Screen {
  const responses = Array.from({ length: plan.blocks }, (_, block) =>
    plan.arms.flatMap(({ name }) => {
      const own = trials.findLast(
        ({ trial, verdict }) => trial.arm === name && trial.block === block && verdict.valid,
      )
      const value = own && costsOf(own)[metric]
      return value !== undefined && value > 0 ? [Math.log(value)] : []
    }),
  ).filter((block) => block.length === plan.arms.length)
  const isDecided = responses.length >= leastBlocks
  const effects = isDecided ? mainEffects(levels, responses) : []
  const kept = screenedFactors(effects)
  return {
    metric,
    runs: plan.arms.length,
    blocks: responses.length,
    effects: factors.map(({ knob, value }, factor) => {
      const effect = effects[factor]
      return {
        arm: `${knob.name}=${value}`,
        knob: knob.name,
        ...(effect && {
          ratio: Math.exp(effect.center),
          low: Math.exp(effect.low),
          high: Math.exp(effect.high),
        }),
        isKept: isDecided ? kept.includes(factor) : false,
      }
    }),
  }
}
