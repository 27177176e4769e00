import type { Plan } from '../plan/plan.ts'
import type { PlanTime } from '../plan/plan-time.ts'

/** What would be measured, in which order, and how long that takes. */
export interface Schedule {
  readonly plan: Plan
  readonly time: PlanTime
}
