import type { Measurement } from '../../result/document.ts'
import { decode, histogram } from '../../stats/histogram/histogram.ts'
import { allowedLateness, flow, sendRate } from '../../stats/trial/laws.ts'
import { ms, percent } from '../words.ts'
import type { Check } from './checks.ts'
import type { Limit } from './verdict.ts'

type Measured = Omit<Measurement, 'verdict'>

/** Fraction of its CPU beyond which a driver in open loop keeps answers waiting for itself. A judgement. */
const busyDriver = 0.7

/** Share of the lateness allowed that it may have without a balancer, which keeps its CPUs busier. A judgement. */
const spare = 0.5

/** Whether the driver, seen without a balancer, will be on time with one. */
export function keepsPace(measured: Measured): boolean {
  const { p50, allowed } = latenessOf(measured)
  return p50 <= spare * allowed && paceLimit(measured) === undefined
}

/** The driver as the limit of an open loop: late by habit, or so busy that its own queue is in every latency. */
export function paceLimit(measured: Measured): Limit | undefined {
  if (measured.trial.phase !== 'latency') return undefined
  const { fatal, broken } = onTime(measured)
  if (fatal && broken !== undefined) return { bottleneck: 'driver', because: broken }
  const cost = measured.processes.find(({ role }) => role === 'driver')
  if (cost === undefined) return undefined
  const used = (cost.userSeconds + cost.systemSeconds) / (measured.windowSeconds * cost.cpusGiven)
  if (used <= busyDriver) return undefined
  return {
    bottleneck: 'driver',
    because: `the driver used ${percent(used)} of its CPU, and from ${percent(busyDriver)} on part of the latency is its own`,
  }
}

/**
 * The driver kept pace: each request is late by its own fault only, since one that found no place in flight is
 * counted as dropped. Late by habit, it measured itself; late now and then, the tail is partly its own.
 */
export function onTime(measured: Measured): Check {
  const { allowed, p50, p99 } = latenessOf(measured)
  if (p50 > allowed) {
    return {
      fatal: true,
      broken: `the driver could not keep pace: it sent half of the requests more than ${ms(p50)} late`,
    }
  }
  return {
    fatal: false,
    broken:
      p99 > allowed
        ? `the driver sent 1 % of the requests more than ${ms(p99)} late (${ms(allowed)} would not matter): the tail is partly its own`
        : undefined,
  }
}

/** How late requests were sent, and how late they may be, in seconds. */
function latenessOf({ lateness, latency }: Measured) {
  const late = decode(lateness ?? histogram().encode())
  const allowed = allowedLateness(decode(latency).percentile(50) / 1e6)
  return { allowed, p50: late.percentile(50) / 1e6, p99: late.percentile(99) / 1e6 }
}

/** The driver sent what was planned. What found no place in flight is the target's doing, and counted as dropped. */
export function sentAll({ planned = 0, errorKinds }: Measured): Check {
  const missed = errorKinds['not sent: the driver was too late'] ?? 0
  if (missed === 0) return { fatal: true, broken: undefined }
  const { broken } = sendRate({ planned, sent: Math.max(0, planned - missed), late: 0 })
  return { fatal: true, broken }
}

/**
 * As many requests ended as arrived: else the target falls behind, and its latency grows with the length of the
 * window. How many are in flight at a moment wavers by chance, by its square root: three times that is no news.
 */
export function balanced({ planned = 0, inFlight }: Measured): Check {
  const { opened, closed } = inFlight
  const chance = 3 * Math.sqrt(opened + closed)
  if (closed - opened <= chance) return { fatal: false, broken: undefined }
  return { fatal: false, broken: flow(planned, planned - (closed - opened)).broken }
}
