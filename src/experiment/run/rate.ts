import type { Placement } from '../../lab/cores.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import { median } from '../../stats/estimates/quantile.ts'
import { metricOf } from '../findings/metrics-of.ts'

/** Factor from one rate, or from the requests sent at it, to the next lower one. */
const step = 0.8

/**
 * Fraction of its CPUs that the driver may use, with the backends where they share them: beyond it, a pause of some
 * milliseconds becomes a queue that takes many times as long to empty. A judgement.
 */
const maxCpuShare = 0.8

/** The same where its CPUs are nearly used up, on top of the proportion: a request costs more at a lower rate. */
const cpuStep = 0.9

/** Maximum number of rates that are tried: each takes about two seconds, and on a disturbed host none is on time. */
const maxTries = 4

/**
 * Requests, or visits, per second for every arm in the latency phase: the plan's own rate, or a share of the slowest arm's
 * capacity. Invalid trials are used only for an arm without valid ones.
 */
export function requestedRate(plan: Plan, measured: readonly Measurement[]): number {
  const { rate, share } = plan.arrivals
  if (rate !== undefined) return rate
  const capacities = plan.arms.flatMap(({ name }) => {
    const own = measured.filter(({ trial }) => trial.arm === name && trial.phase === 'capacity')
    const valid = own.filter(({ verdict }) => verdict.valid)
    const used = valid.length > 0 ? valid : own
    return used.length === 0 ? [] : [median(used.map(perSecond))]
  })
  return Math.max(1, Math.floor(share * Math.min(...capacities)))
}

/** Visits that came to their end, or requests, per second. */
function perSecond(one: Measurement): number {
  return one.visits === undefined
    ? (metricOf(one, 'throughput') ?? 0)
    : one.visits.finished / one.windowSeconds
}

/** Fraction of the driver's CPUs that is in use. `used`: CPUs that the driver uses, and the backends. */
export function driverCpuShare(
  used: { readonly driver: number; readonly backends: number },
  { driver, backends }: Pick<Placement, 'driver' | 'backends'>,
): number {
  const shared = backends.some((cpu) => driver.includes(cpu))
  return (used.driver + (shared ? used.backends : 0)) / driver.length
}

/** The driver at one rate. */
export interface DriverAtRate {
  /** Responses per second. */
  readonly sent: number
  readonly onTime: boolean
  /** Fraction of its CPUs that the driver used, and the backends where they share them. */
  readonly cpuShare: number
}

/**
 * The first of falling rates, starting at `wanted`, at which the driver is on time and its CPUs are not nearly used up. Its maximum rate says little
 * about that: below it each request wakes driver and backends again, at several times the cost. If it is late at
 * every rate, the last one; the trials then report the lateness.
 */
export async function onTimeRate(
  wanted: number,
  drive: (rate: number) => Promise<DriverAtRate>,
): Promise<number> {
  let rate = wanted
  for (let tries = 1; ; tries++) {
    const { sent, onTime, cpuShare } = await drive(rate)
    const hasTime = cpuShare <= maxCpuShare
    if ((onTime && hasTime) || tries === maxTries) return rate
    const factor = hasTime ? step : cpuStep * (maxCpuShare / cpuShare)
    rate = Math.max(1, Math.round(factor * Math.min(rate, sent)))
  }
}
