import type { Plan } from '../../plan/plan.ts'
import type { Forecast } from '../../result/forecast.ts'
import { pairsNeeded } from '../../stats/estimates/precision.ts'
import { spread } from './precision.ts'
import type { BlockProgress } from './run.ts'

/** Blocks after which a spread is known well enough to say how many it will take. */
const forecastAfter = 3

/** The forecast after the third block of a phase whose precision was asked for; undefined at any other time. */
export function forecast(plan: Plan, progress: BlockProgress): Forecast | undefined {
  const { phase, blocks, measured, secondsPerBlock } = progress
  const precision = plan.stop?.precision
  if (precision === undefined || blocks !== forecastAfter) return undefined
  const seen = spread(plan, measured, phase)
  if (seen === undefined) return undefined
  const { expected, atMost } = pairsNeeded(seen.spread, { n: seen.n, precision })
  return { phase, precision, expected, atMost, planned: plan.blocks, secondsPerBlock }
}
