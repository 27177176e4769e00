import type { Plan } from './plan.ts'

/** Seconds that starting and stopping the processes of a trial take, about. */
export const aroundTrial = 1

/** How long a plan takes, in seconds: about, since hosts differ. */
export interface PlanTime {
  /** Fewest blocks that it may end with, every warm-up as short as it can be. */
  readonly least: number
  /** All blocks, every warm-up as long as it can be, and one trial in four repeated; no longer than it may take. */
  readonly most: number
}

/** How long a plan takes. */
export function timeOf(plan: Plan): PlanTime {
  const { trials, warmup, duration, stop } = plan
  const all = trials.length
  const needed = trials.filter(({ block }) => block < (stop?.least ?? plan.blocks)).length
  const most = (all + Math.ceil(all / 4)) * (warmup.most + duration + aroundTrial)
  const least = needed * (warmup.least + duration + aroundTrial)
  return { least, most: Math.max(least, Math.min(most, stop?.maxSeconds ?? most)) }
}
