import type { ProcessCost } from '../../result/document.ts'
import { saturation } from '../../stats/trial/laws.ts'
import { backendBottleneck } from './backend-bottleneck.ts'
import type { Bottleneck } from './bottleneck.ts'
import { cpuSeconds, cpuUsed } from './cpu-bottleneck.ts'
import type { Evidence } from './evidence.ts'
import { othersBeside } from './others-seconds.ts'

/** CPUs used by programs outside the trial from which on they count, as a fraction of one: less is the kernel and its daemons. */
const noticeable = 0.05

/** Fraction of the window that a process may not run though it could, before that is the bottleneck. A judgement. */
const allowedStall = 0.25

/** Fraction of the window from which on a stalled driver explains more than backends with a long service time. */
const mostOfWindow = 0.5

/**
 * A driver that always had work, or that was stalled: stopped, throttled or preempted. Backends whose service time is
 * the bottleneck explain most of each request: then it must have been stalled for more.
 */
export function driverStalled(evidence: Evidence): Bottleneck | undefined {
  const { driverBusy = 0, driverStalled: stalledShare = 0 } = evidence.measured
  const { processes, windowSeconds } = evidence.measured
  const driver = processes.find(({ role }) => role === 'driver')
  if (driver === undefined || (driverBusy < saturation && stalledShare < allowedStall)) {
    return undefined
  }
  if (driverBusy < saturation && stalledShare < mostOfWindow && backendBottleneck(evidence)) {
    return undefined
  }
  const ranShare = cpuSeconds(driver) / (windowSeconds * driver.cpusGiven)
  const ran = { ranShare, switches: driver.involuntarySwitches }
  return {
    bottleneck: 'driver',
    reason:
      stalledShare < allowedStall
        ? { code: 'driver-preempted', values: { busyShare: driverBusy, ...ran } }
        : {
            code: 'driver-stalled',
            values: { ...mostStalled(evidence.measured), stalledShare, ...ran },
          },
  }
}

/** The number of the most stalled driver of a fleet; nothing where there is only one. */
function mostStalled({ drivers = [] }: Evidence['measured']): { number?: number; of?: number } {
  const [first, ...others] = drivers.toSorted((a, b) => (b.stalled ?? 0) - (a.stalled ?? 0))
  if (first === undefined || others.length === 0) return {}
  return { number: first.number, of: drivers.length }
}

/**
 * A process whose busiest thread ran or was runnable all the time, beside programs outside the trial. Saturated
 * backends hide what the target could do; a saturated target was slowed by the host.
 */
export function contendedCpu(evidence: Evidence): Bottleneck | undefined {
  const { processes, windowSeconds } = evidence.measured
  for (const role of ['backends', 'target'] as const) {
    const cost = processes.find((one) => one.role === role)
    const others = othersBeside(role, evidence.measured)
    if (cost === undefined || others.seconds < noticeable * windowSeconds) continue
    const ranShare = cost.busiestThreadSeconds / windowSeconds
    const waitShare = (cost.busiestThreadWaitedSeconds ?? 0) / windowSeconds
    if (ranShare + waitShare < saturation) continue
    const switches = cost.involuntarySwitches
    return {
      bottleneck: role === 'target' ? 'host' : role,
      reason: { code: 'cpu-contended', values: { role, ranShare, waitShare, switches } },
    }
  }
  return undefined
}

/** Fraction of its CPUs that a process uses at least whose busiest thread never paused: interrupts and meters have the rest. A judgement. */
const leastUsed = 0.8

/**
 * A process with CPUs of its own whose busiest thread ran or was runnable all the time, beside no other programs: it waited
 * behind other threads of its process, such as those that collect garbage and compile, and behind interrupts and meters.
 */
export function alwaysRunnable(evidence: Evidence): Bottleneck | undefined {
  const { processes, windowSeconds, host, pacing } = evidence.measured
  if (host.foreignSeconds + host.stealSeconds >= noticeable * windowSeconds) return undefined
  for (const role of ['driver', 'backends', 'target'] as const) {
    const cost = processes.find((one) => one.role === role)
    if (cost === undefined || cost.sharedCpus || (role === 'driver' && pacing === 'spin')) continue
    const usedShare = cpuUsed(cost, evidence)
    const ranShare = cost.busiestThreadSeconds / windowSeconds
    const waitShare = (cost.busiestThreadWaitedSeconds ?? 0) / windowSeconds
    if (usedShare < leastUsed || ranShare + waitShare < saturation) continue
    return {
      bottleneck: role,
      reason: { code: 'thread-always-runnable', values: { role, usedShare, ranShare, waitShare } },
    }
  }
  return undefined
}

/** CPUs that were used up, and not by the trial alone. */
export function otherPrograms({ measured, cpuSets }: Evidence): Bottleneck | undefined {
  const cpus = new Set(Object.values(cpuSets).flat()).size
  const ours = measured.processes.reduce((sum, cost) => sum + cpuSeconds(cost), 0)
  const others = measured.host.foreignSeconds + measured.host.stealSeconds
  const all = measured.windowSeconds * cpus
  // Of a trial on nodes no CPUs are known.
  if (cpus === 0 || others < noticeable * all || ours + others < saturation * all) return undefined
  return {
    bottleneck: 'host',
    reason: { code: 'other-programs', values: { usedShare: others / all, cpus } },
  }
}

/**
 * The process that waited longest for a CPU, where no CPU was saturated: a closed loop whose parts wait for their CPUs
 * sends less, and all of them appear idle. Programs outside the trial must have used at least the time that it waited:
 * roles that share CPUs wait for each other as well.
 */
export function waitedLongest({ measured }: Evidence): Bottleneck | undefined {
  const { processes, windowSeconds, trial } = measured
  const waited = (cost: ProcessCost) => cost.busiestThreadWaitedSeconds ?? 0
  const longest = processes.toSorted((a, b) => waited(b) - waited(a))[0]
  if (trial.phase !== 'capacity' || longest === undefined) return undefined
  const { seconds: others } = othersBeside(longest.role, measured)
  if (waited(longest) < allowedStall * windowSeconds || others < waited(longest)) return undefined
  return {
    bottleneck: 'host',
    reason: {
      code: 'waited-for-cpu',
      values: {
        role: longest.role,
        waitShare: waited(longest) / windowSeconds,
        othersCpus: others / windowSeconds,
      },
    },
  }
}
