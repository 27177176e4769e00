import type { Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import { median } from '../../stats/estimates/quantile.ts'
import { metricsOf } from '../findings/metrics-of.ts'

/** What is left of a rate, or of what was sent of it, for the next try. */
const step = 0.7

/** How many rates are tried at most: each takes some two seconds, and a disturbed host is late at any. */
const tries = 4

/**
 * Arrivals per second that every arm is to meet in the latency phase: what was asked for, or a share of what the
 * slowest arm could do. Trials that do not count are taken only of an arm that has no others.
 */
export function rateOf(plan: Plan, measured: readonly Measurement[]): number {
  const { rate, share } = plan.arrivals
  if (rate !== undefined) return rate
  const capacities = plan.arms.flatMap(({ name }) => {
    const own = measured.filter(({ trial }) => trial.arm === name && trial.phase === 'capacity')
    const valid = own.filter(({ verdict }) => verdict.valid)
    const used = valid.length > 0 ? valid : own
    return used.length === 0 ? [] : [median(used.map((one) => metricsOf(one).throughput ?? 0))]
  })
  return Math.max(1, Math.floor(share * Math.min(...capacities)))
}

/** How the driver does at one rate. */
export interface Paced {
  /** Requests per second that were answered. */
  readonly sent: number
  /** Whether it was on time. */
  readonly onTime: boolean
}

/**
 * The first of falling rates, from `wanted` on, at which the driver is seen to be on time. What it can send at most
 * says little of that: below it each request wakes driver and backends anew, and costs several times as much. Where
 * it is late at each, the last: the trials then say so.
 */
export async function pacedRate(
  wanted: number,
  drive: (rate: number) => Promise<Paced>,
): Promise<number> {
  let rate = wanted
  for (let tried = 1; ; tried++) {
    const { sent, onTime } = await drive(rate)
    if (onTime || tried === tries) return rate
    rate = Math.max(1, Math.round(step * Math.min(rate, sent)))
  }
}
