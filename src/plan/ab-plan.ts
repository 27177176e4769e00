import type { Arm, Plan, Variant } from './plan.ts'
import { schedule } from './schedule.ts'

/** What sets each side apart from the other. */
export type AbSides = Readonly<Record<Variant['side'], Omit<Variant, 'side'>>>

/**
 * Makes a duel of a plan: each arm stands on both sides, and each block holds both, so that they meet the same
 * host at the same time and compare by pairs. The control stays what it is.
 */
export function abPlan(plan: Plan, sides: AbSides): Plan {
  const arms = plan.arms.flatMap((arm) =>
    arm.name === plan.control ? [arm] : [onSide(arm, 'base', sides), onSide(arm, 'head', sides)],
  )
  const phases = plan.phases.map((phase) => ({
    phase,
    blocks: new Set(plan.trials.filter((one) => one.phase === phase).map(({ block }) => block))
      .size,
  }))
  return { ...plan, arms, trials: schedule({ arms, phases, seed: plan.seed }) }
}

function onSide(arm: Arm, side: Variant['side'], sides: AbSides): Arm {
  return { ...arm, name: `${side} ${arm.name}`, variant: { side, ...sides[side] } }
}
