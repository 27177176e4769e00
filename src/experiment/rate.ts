import type { Plan } from '../plan/plan.ts'
import type { Measurement } from '../result/document.ts'
import { median } from '../stats/quantile.ts'
import { metricsOf } from './metrics-of.ts'

/** Share of what the open-loop driver can send that is asked of it: nearer to its limit it is late by habit. */
const ofDriver = 0.5

/**
 * Arrivals per second that every arm meets in the latency phase: what was asked for, or a share of what the
 * slowest arm could do, but no more than half of what the driver can send. Trials that do not count are taken
 * only of an arm that has no others.
 */
export function rateOf(
  plan: Plan,
  measured: readonly Measurement[],
  driverLimit = Number.POSITIVE_INFINITY,
): number {
  const { rate, share } = plan.arrivals
  if (rate !== undefined) return rate
  const capacities = plan.arms.flatMap(({ name }) => {
    const own = measured.filter(({ trial }) => trial.arm === name && trial.phase === 'capacity')
    const valid = own.filter(({ verdict }) => verdict.valid)
    const used = valid.length > 0 ? valid : own
    return used.length === 0 ? [] : [median(used.map((one) => metricsOf(one).throughput ?? 0))]
  })
  return Math.max(1, Math.floor(Math.min(share * Math.min(...capacities), ofDriver * driverLimit)))
}
