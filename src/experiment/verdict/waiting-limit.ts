import type { ProcessCost } from '../../result/document.ts'
import { percent, plural } from '../words.ts'
import { backendLimit } from './backend-limit.ts'
import { cpuSeconds, saturated } from './cpu-limit.ts'
import type { Evidence, Limit } from './verdict.ts'

/** CPUs of others from which on they count, as a fraction of one: less is the kernel and its daemons. */
const noticeable = 0.05

/** Fraction of the window that a process may be kept from its work before that is what limits. A judgement. */
const standing = 0.25

/** Fraction of the window from which on a driver that stood still explains more than backends that took their time. */
const mostly = 0.5

/**
 * A driver that always had something to do, or that stood still: it was stopped, throttled, or robbed. Backends that
 * limit by the time that they were told to take explain most of each request: then it must have stood still for more.
 */
export function restlessLimit(evidence: Evidence): Limit | undefined {
  const { driverBusy = 0, driverStalled = 0, processes, windowSeconds } = evidence.measured
  const driver = processes.find(({ role }) => role === 'driver')
  if (driver === undefined || (driverBusy < saturated && driverStalled < standing)) return undefined
  if (driverBusy < saturated && driverStalled < mostly && backendLimit(evidence)) return undefined
  const ran = cpuSeconds(driver) / windowSeconds
  const what =
    driverStalled < standing
      ? `had work for ${percent(driverBusy)} of the window`
      : `stood still for ${percent(driverStalled)} of the window`
  return {
    bottleneck: 'driver',
    because: `the driver ${what} and ran for ${percent(ran)} of it: something kept it from its CPU (it was switched out ${driver.involuntarySwitches} times)`,
  }
}

/**
 * A process whose busiest thread ran or stood ready all the time, beside programs of others. Backends without
 * room hide what the target could do; a target without room was slowed by the host.
 */
export function starved(evidence: Evidence): Limit | undefined {
  const { processes, windowSeconds, host } = evidence.measured
  if (host.foreignSeconds + host.stealSeconds < noticeable * windowSeconds) return undefined
  for (const role of ['backends', 'target'] as const) {
    const cost = processes.find((one) => one.role === role)
    const { busiestThreadSeconds = 0, busiestThreadWaitedSeconds = 0 } = cost ?? {}
    if (busiestThreadSeconds + busiestThreadWaitedSeconds < saturated * windowSeconds) continue
    return {
      bottleneck: role === 'target' ? 'host' : role,
      because: `${role} ran for ${percent(busiestThreadSeconds / windowSeconds)} of the window and waited for its CPU for ${percent(busiestThreadWaitedSeconds / windowSeconds)}, while other programs had it (switched out ${cost?.involuntarySwitches ?? 0} times)`,
    }
  }
  return undefined
}

/** CPUs that were used up, and not by us alone. */
export function foreignLimit({ measured, cpuSets }: Evidence): Limit | undefined {
  const cpus = new Set(Object.values(cpuSets).flat()).size
  const ours = measured.processes.reduce((sum, cost) => sum + cpuSeconds(cost), 0)
  const others = measured.host.foreignSeconds + measured.host.stealSeconds
  const all = measured.windowSeconds * cpus
  if (others < noticeable * all || ours + others < saturated * all) return undefined
  return {
    bottleneck: 'host',
    because: `programs that are not part of the trial used ${percent(others / all)} of the ${plural(cpus, 'CPU')}, and nothing was left`,
  }
}

/**
 * What was kept waiting most, where nobody had used up what it had: a closed loop whose parts wait for their CPUs asks
 * less, and all of them look idle. Others must have used at least the time that it waited: roles that share CPUs also
 * wait for each other.
 */
export function waitedLimit({ measured }: Evidence): Limit | undefined {
  const { processes, windowSeconds, host, trial } = measured
  const waited = (cost: ProcessCost) => cost.busiestThreadWaitedSeconds ?? 0
  const others = host.foreignSeconds + host.stealSeconds
  const most = processes.toSorted((a, b) => waited(b) - waited(a))[0]
  if (trial.phase !== 'capacity' || most === undefined) return undefined
  if (waited(most) < standing * windowSeconds || others < waited(most)) return undefined
  return {
    bottleneck: 'host',
    because: `${most.role} stood ready and waited for its CPU for ${percent(waited(most) / windowSeconds)} of the window, while other programs used ${percent(others / windowSeconds)} of one`,
  }
}
