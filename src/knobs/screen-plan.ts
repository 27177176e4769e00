import { UsageError } from '../kit/errors.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import { timeOf } from '../plan/plan-time.ts'
import { schedule } from '../plan/schedule.ts'
import type { SkippedKnob } from '../result/tune.ts'
import { type Level, maxFactors, plackettBurman } from '../stats/design/plackett-burman.ts'
import type { ChosenValue } from './choose-knobs.ts'
import { clash } from './clashes.ts'
import type { TunePlanOptions } from './tune-plan.ts'
import { turnedArm } from './turned-arm.ts'

/** Blocks of a screen, each with all runs: three find effects of 5 % where a trial scatters by 3 % (`npm run bench:screen`). */
const screenBlocks = 3

/** A screen of several knobs at once: its plan, its knobs in the order of the columns, and the levels of each run. */
export interface ScreenPlan {
  readonly plan: Plan
  readonly factors: readonly ChosenValue[]
  readonly levels: readonly (readonly Level[])[]
  readonly skipped: readonly SkippedKnob[]
}

/**
 * The plan of a screen: 12 arms, each with about half of the knobs turned (Plackett and Burman). One value of each knob; a
 * knob that changes the same thing as an earlier one is left out, and so are those beyond eleven.
 *
 * @throws {UsageError} the maximum time does not allow it
 */
export function screenPlan({ base, chosen, maxSeconds }: TunePlanOptions): ScreenPlan {
  const factors: ChosenValue[] = []
  const skipped = new Map(chosen.skipped.map((one) => [one.knob, one]))
  for (const value of chosen.values) {
    const { name } = value.knob
    if (factors.some(({ knob }) => knob.name === name)) continue
    if (factors.some((other) => clash(other, value))) {
      skipped.set(name, { knob: name, reason: 'clashes' })
    } else if (factors.length === maxFactors)
      skipped.set(name, { knob: name, reason: 'screen-full' })
    else factors.push(value)
  }
  const levels = plackettBurman(factors.length)
  const [only] = base.arms as [Arm]
  const arms = levels.map((row, run) =>
    turnedArm(
      { ...only, name: `run ${run + 1}` },
      factors.filter((_, factor) => row[factor] === 1),
    ),
  )
  const { seed } = base
  const phases = [{ phase: 'capacity' as const, blocks: screenBlocks }]
  const plan: Plan = {
    ...base,
    arms,
    phases: ['capacity'],
    blocks: screenBlocks,
    trials: schedule({ arms, phases, seed }),
  }
  const { most } = timeOf(plan)
  if (most > maxSeconds) {
    throw new UsageError(
      `a screen takes about ${Math.ceil(most)} s, more than the maximum time of ${Math.floor(maxSeconds)} s`,
      `use --max-time ${Math.ceil(2 * most)}s, which leaves time to confirm what it finds`,
    )
  }
  return { plan, factors, levels, skipped: [...skipped.values()] }
}
