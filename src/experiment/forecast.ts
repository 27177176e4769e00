import type { Phase, Plan } from '../plan/plan.ts'
import { pairsNeeded } from '../stats/precision.ts'
import { spread } from './precision.ts'
import type { BlockProgress } from './run.ts'

/** Blocks after which a spread is known well enough to say how many it will take. */
const forecastAfter = 3

/** How many blocks a precision will take, and how long: said once, when it can first be known. */
export interface Forecast {
  readonly phase: Phase
  /** Half-width that was asked for, as a fraction. */
  readonly precision: number
  /** Blocks, those that are over included, if the host stays as noisy as it was. */
  readonly expected: number
  /** Blocks if it is as noisy as so few of them could hide. */
  readonly atMost: number
  /** Blocks after which the phase ends in any case. */
  readonly planned: number
  /** Seconds for a block. */
  readonly secondsPerBlock: number
}

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
