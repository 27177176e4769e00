import type { Plan } from '../../plan/plan.ts'
import type { Forecast } from '../../result/forecast.ts'
import { pairsNeeded } from '../../stats/estimates/precision.ts'
import { largestSpread } from './precision.ts'
import type { BlockProgress } from './run.ts'

/** Blocks after which the spread is known well enough for a forecast. */
const forecastAfter = 3

/** The forecast after the third block of a phase of a plan with a precision; undefined at any other time. */
export function forecast(plan: Plan, progress: BlockProgress): Forecast | undefined {
  const { phase, blocks, measured, secondsPerBlock } = progress
  const precision = plan.stop?.precision
  if (precision === undefined || blocks !== forecastAfter) return undefined
  const observed = largestSpread(plan, measured, phase)
  if (observed === undefined) return undefined
  const { expected, atMost } = pairsNeeded(observed.spread, { n: observed.n, precision })
  return { phase, precision, expected, atMost, planned: plan.blocks, secondsPerBlock }
}
