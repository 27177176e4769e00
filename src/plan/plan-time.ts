import type { Plan } from './plan.ts'

/**
 * Approximate seconds of a trial besides its warm-up and its window, most of them to start the target. Measured with the
 * reference balancer on two CPUs: src/lab/spare-processes.ts.
 */
export const aroundTrial = 0.5

/** Approximate duration of a plan in seconds; hosts differ. */
export interface PlanTime {
  /** Minimum: the fewest blocks that it may end with, each warm-up as short as possible. */
  readonly least: number
  /** Maximum: all blocks, each warm-up as long as possible, one trial in four repeated; at most the maximum time of the plan. */
  readonly most: number
}

/** The approximate duration of a plan. */
export function timeOf(plan: Plan): PlanTime {
  const { trials, warmup, duration, stop } = plan
  const all = trials.length
  const needed = trials.filter(({ block }) => block < (stop?.least ?? plan.blocks)).length
  const most = (all + Math.ceil(all / 4)) * (warmup.most + duration + aroundTrial)
  const least = needed * (warmup.least + duration + aroundTrial)
  return { least, most: Math.max(least, Math.min(most, stop?.maxSeconds ?? most)) }
}
