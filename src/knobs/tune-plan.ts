import { UsageError } from '../kit/errors.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import { timeOf } from '../plan/plan-time.ts'
import { schedule } from '../plan/schedule.ts'
import type { SkippedKnob } from '../result/tune.ts'
import { pairsForFamily } from '../stats/tests/family-pairs.ts'
import type { ChosenKnobs, ChosenValue } from './choose-knobs.ts'
import { clash } from './clashes.ts'
import { turnedArm } from './turned-arm.ts'

/** Names of the arm that every other is compared with, and of the arm that differs from it in nothing else. */
export const defaultArm = 'default'
export const twinArm = 'twin'

/** A comparison of two configurations with six pairs, whose power a larger family keeps. */
const oneComparison = { size: 1, pairs: 6 }

/** A plan that measures knobs, and the arm of each value. */
export interface TunePlan {
  readonly plan: Plan
  readonly values: readonly (ChosenValue & { readonly arm: string })[]
  readonly skipped: readonly SkippedKnob[]
  /** Arms that turn two knobs at once, and the arms of each alone. */
  readonly crossed: readonly {
    readonly arm: string
    readonly first: string
    readonly second: string
  }[]
}

/** What a plan for knobs is made from. */
export interface TunePlanOptions {
  /** A plan with one arm of the target: its load, its backends, its phases. */
  readonly base: Plan
  readonly chosen: ChosenKnobs
  /** Maximum seconds of the run. */
  readonly maxSeconds: number
  /** Blocks of each phase; without it, by the number of comparisons. */
  readonly blocks?: number | undefined
  /** Whether every two knobs are also turned at once. */
  readonly isCrossed?: boolean
}

/**
 * The plan of `lb tune`: the default, its twin and each value in the same randomised blocks. As many values, from the
 * begin of the list, as the maximum time allows.
 *
 * @throws {UsageError} it does not allow one
 */
export function tunePlan({
  base,
  chosen,
  isCrossed = false,
  ...limits
}: TunePlanOptions): TunePlan {
  const { maxSeconds } = limits
  const values = chosen.values.map((one) => ({ ...one, arm: `${one.knob.name}=${one.value}` }))
  for (let count = values.length; count > 0; count--) {
    const kept = values.slice(0, count)
    const crossed = isCrossed ? crossedValues(kept) : []
    const plan = planOf(base, [...kept.map((one) => [one]), ...crossed], limits)
    if (expectedSeconds(plan) > maxSeconds) continue
    const cut = values
      .slice(count)
      .map(({ knob }) => ({ knob: knob.name, reason: 'time' as const }))
    const names = new Set(kept.map(({ knob }) => knob.name))
    const isNew = ({ knob }: SkippedKnob, at: number) =>
      !names.has(knob) && cut.findIndex((one) => one.knob === knob) === at
    return {
      ...{ plan, values: kept, skipped: [...chosen.skipped, ...cut.filter(isNew)] },
      crossed: crossed.map(([first, second]) => ({
        ...{ arm: `${first.arm} + ${second.arm}`, first: first.arm, second: second.arm },
      })),
    }
  }
  const needed = Math.ceil(timeOf(planOf(base, [values.slice(0, 1)], limits)).most)
  throw new UsageError(
    `one knob takes about ${needed} s, more than the maximum time of ${Math.floor(maxSeconds)} s`,
    `use --max-time ${Math.ceil(1.25 * needed)}s, or fewer --trials`,
  )
}

/** All blocks, with half of the repeated trials that are allowed for. A run that takes longer ends with fewer blocks of every arm. */
function expectedSeconds(plan: Plan): number {
  const { least, most } = timeOf({ ...plan, stop: undefined })
  return (least + most) / 2
}

type NamedValue = TunePlan['values'][number]

/** Every two values of different knobs that do not change the same thing. */
function crossedValues(values: readonly NamedValue[]): (readonly [NamedValue, NamedValue])[] {
  return values.flatMap((first, at) =>
    values
      .slice(at + 1)
      .filter((second) => second.knob !== first.knob && !clash(first, second))
      .map((second) => [first, second] as const),
  )
}

function planOf(
  base: Plan,
  turned: readonly (readonly NamedValue[])[],
  { maxSeconds, blocks: wanted }: Pick<TunePlanOptions, 'maxSeconds' | 'blocks'>,
): Plan {
  const [only] = base.arms as [Arm]
  const arms = [
    { ...only, name: defaultArm, turns: [] },
    { ...only, name: twinArm, turns: [] },
    ...turned.map((values) =>
      turnedArm({ ...only, name: values.map(({ arm }) => arm).join(' + ') }, values),
    ),
  ]
  const blocks = wanted ?? pairsForFamily(arms.length - 1, oneComparison)
  const { seed } = base
  const phases = base.phases.map((phase) => ({ phase, blocks }))
  return {
    ...base,
    arms,
    blocks,
    stop: { maxSeconds, least: Math.min(blocks, oneComparison.pairs) },
    trials: schedule({ arms, phases, seed }),
  }
}
