import type { Plan } from '../plan/plan.ts'
import type { PlanTime } from '../plan/plan-time.ts'

/** The trials that a plan would run, and the time that they take. */
export interface Schedule {
  readonly plan: Plan
  readonly time: PlanTime
  /** Comparisons of each metric, which share one error level. */
  readonly comparisons: number
}
