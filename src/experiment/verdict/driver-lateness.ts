import { dropReasons } from '../../driver/driver.ts'
import type { ProcessCost } from '../../result/document.ts'
import { decode, histogram } from '../../stats/histogram/histogram.ts'
import { allowedLateness, flow, sendRate } from '../../stats/trial/laws.ts'
import type { Bottleneck } from './bottleneck.ts'
import type { Check } from './check.ts'
import type { Measured } from './evidence.ts'

/** Fraction of its CPU above which the queue of an open-loop driver is part of the latency. A judgement. */
const busyDriver = 0.7

/** Share of the allowed lateness that the driver may have without a balancer, which loads its CPUs less. A judgement. */
const shareWithoutBalancer = 0.5

/** Whether the driver, measured without a balancer, will be on time with one. */
export function willBeOnTime(measured: Measured): boolean {
  const { p50, allowed } = latenessOf(measured)
  return p50 <= shareWithoutBalancer * allowed && driverLateness(measured) === undefined
}

/** The driver as the bottleneck of an open loop: its median lateness is above the threshold, or its CPU is too busy. */
export function driverLateness(measured: Measured): Bottleneck | undefined {
  if (measured.trial.phase !== 'latency') return undefined
  const { fatal, failed } = isOnTime(measured)
  if (fatal && failed !== undefined) return { bottleneck: 'driver', reason: failed }
  const cost = measured.processes.find(({ role }) => role === 'driver')
  if (cost === undefined) return undefined
  const usedShare = busiestShare(cost, measured)
  if (usedShare <= busyDriver) return undefined
  return {
    bottleneck: 'driver',
    reason: { code: 'driver-busy', values: { usedShare, allowedShare: busyDriver } },
  }
}

/** Fraction of its CPU that the driver used; of several, the busiest one. */
function busiestShare(
  { userSeconds, systemSeconds, cpusGiven }: ProcessCost,
  { drivers = [], windowSeconds, pacing, driverBusy = 0 }: Measured,
): number {
  // A driver that spins uses its CPU up: only the time counts in which it worked.
  if (pacing === 'spin') return driverBusy
  const average = (userSeconds + systemSeconds) / (windowSeconds * cpusGiven)
  const each =
    drivers.length < 2 ? [] : drivers.map(({ cpuSeconds = 0 }) => cpuSeconds / windowSeconds)
  return Math.max(average, ...each)
}

/**
 * The driver sent requests when they were due. Lateness is the driver's own: a request beyond the maximum in flight
 * counts as dropped. With a late median it measured itself; with a late p99 the tail is partly its own.
 */
export function isOnTime(measured: Measured): Check {
  const { allowed, p50, p99 } = latenessOf(measured)
  const allowedSeconds = allowed
  if (p50 > allowed) {
    return {
      fatal: true,
      failed: { code: 'driver-late', values: { p50Seconds: p50, allowedSeconds } },
    }
  }
  return {
    fatal: false,
    failed:
      p99 > allowed
        ? { code: 'driver-late-at-tail', values: { p99Seconds: p99, allowedSeconds } }
        : undefined,
  }
}

/** How late requests were sent, and how late they may be, in seconds. */
function latenessOf({ lateness, latency }: Measured) {
  const late = decode(lateness ?? histogram().encode())
  const allowed = allowedLateness(decode(latency).percentile(50) / 1e6)
  return { allowed, p50: late.percentile(50) / 1e6, p99: late.percentile(99) / 1e6 }
}

/** The driver sent what was planned. A request beyond the maximum in flight is the target's doing, and counts as dropped. */
export function allSent({ planned = 0, errorKinds }: Measured): Check {
  const missed = errorKinds[dropReasons.driverLate] ?? 0
  if (missed === 0) return { fatal: true, failed: undefined }
  const sent = Math.max(0, planned - missed)
  const { holds, value } = sendRate({ planned, sent, late: 0 })
  return {
    fatal: true,
    failed: holds ? undefined : { code: 'driver-saturated', values: { sentShare: value } },
  }
}

/**
 * As many requests ended as arrived; otherwise the target's queue grows, and its latency with the length of the
 * window. The number in flight varies by chance, by its square root: up to three times that is no growth.
 */
export function queueStable({ planned = 0, inFlight }: Measured): Check {
  const { opened, closed } = inFlight
  const chance = 3 * Math.sqrt(opened + closed)
  const ended = planned - (closed - opened)
  const stable = closed - opened <= chance || flow(planned, ended).holds
  return {
    fatal: false,
    failed: stable
      ? undefined
      : { code: 'queue-grew', values: { arrived: planned, ended: Math.max(0, ended) } },
  }
}
