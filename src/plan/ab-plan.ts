import type { Arm, Plan, Variant } from './plan.ts'
import { schedule } from './schedule.ts'

/** The properties of each side that differ from the other side. */
export type AbSides = Readonly<Record<Variant['side'], Omit<Variant, 'side'>>>

/**
 * Turns a plan into an A/B comparison: every arm except the control exists on both sides, and each block holds
 * both, so that drift of the host affects both and they compare as pairs.
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
  const { seed, witness } = plan
  return { ...plan, arms, trials: schedule({ arms, phases, seed, witness }) }
}

/** Whether a plan compares a head with a base. */
export function isAbPlan({ arms }: Pick<Plan, 'arms'>): boolean {
  return arms.some(({ variant }) => variant !== undefined)
}

function onSide(arm: Arm, side: Variant['side'], sides: AbSides): Arm {
  return { ...arm, name: `${side} ${arm.name}`, variant: { side, ...sides[side] } }
}
