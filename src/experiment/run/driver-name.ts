import type { Plan } from '../../plan/plan.ts'

/** A trial whose driver is wanted. */
interface DrivenTrial {
  readonly plan: Pick<Plan, 'visits'>
  /** Arrivals per second, in the latency phase. */
  readonly rate: number | undefined
  /** The driver of the capacity phase. */
  readonly driver?: string | undefined
}

/** The name of the driver of a trial: visits have their own; otherwise the open loop where there is a rate. */
export function driverName({ plan, rate, driver = 'autocannon' }: DrivenTrial): string {
  if (plan.visits !== undefined) return 'visits'
  return rate === undefined ? driver : 'open-loop'
}
