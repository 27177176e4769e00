import { type AaPlanOptions, aaPlan } from './aa-plan.ts'
import type { Plan } from './plan.ts'
import { schedule } from './schedule.ts'

/** Options of a plan that compares one driver with a fleet. */
export interface FleetPlanOptions extends AaPlanOptions {
  /** Drivers of the fleet. */
  readonly drivers: number
  /** Requests per second of one driver; each of the fleet sends its part. */
  readonly rate: number
}

/** The plan that compares one driver at a rate with a fleet that divides it: two arms that differ in their drivers only. */
export function fleetPlan({ drivers, rate, ...options }: FleetPlanOptions): Plan {
  const plan = aaPlan(options)
  const [arm] = plan.arms as [Plan['arms'][number]]
  const arms = [1, drivers].map((n) => ({
    ...arm,
    name: n === 1 ? '1 driver' : `${n} drivers`,
    drivers: n,
  }))
  const { seed, blocks } = options
  return {
    ...plan,
    arms,
    phases: ['latency'],
    arrivals: { ...plan.arrivals, rate },
    trials: schedule({ arms, seed, phases: [{ phase: 'latency', blocks }] }),
  }
}
