import { decode } from '../../stats/histogram/histogram.ts'
import { utilisation } from '../../stats/trial/laws.ts'
import type { Check } from './check.ts'
import { cpuSeconds } from './cpu-bottleneck.ts'
import type { Evidence, Measured } from './evidence.ts'
import { othersBeside } from './others-seconds.ts'

/** CPU-seconds that a meter may be off at the two edges of a window: each is read within some ms, in ticks of 10 ms. */
const meterSlack = 0.1

/**
 * The utilisation law, U = X·S ≤ 1: no process used more CPU time than its CPUs had. Otherwise the meter or the clock
 * is wrong, and with it every cost.
 */
export function cpuAccounting({ measured, cpuSets }: Evidence): Check {
  const { processes, windowSeconds } = measured
  const [over] = processes.flatMap((cost) => {
    const { role } = cost
    const [usedSeconds, availableSeconds] = [
      cpuSeconds(cost),
      windowSeconds * Math.max(1, cpuSets[role].length || cost.cpusGiven),
    ]
    const exceeds = usedSeconds > 1.02 * availableSeconds + meterSlack
    return exceeds ? [{ role, usedSeconds, availableSeconds }] : []
  })
  return { fatal: true, failed: over && { code: 'cpu-accounting', values: over } }
}

/**
 * A target that shares its CPUs with driver and backends left them CPU time; otherwise it was held back by what
 * it took from them, and its throughput means nothing.
 */
export function sharedCpus({ measured, cpuSets }: Evidence): Check {
  const target = measured.processes.find(({ role }) => role === 'target')
  if (target === undefined || !target.sharedCpus) return { fatal: true, failed: undefined }
  const cpus = cpuSets.target.length || target.cpusGiven
  const { holds, cpusUsed } = utilisation({
    cpuSeconds: cpuSeconds(target),
    windowSeconds: measured.windowSeconds,
    requests: measured.window.ok + measured.window.non2xx,
    cpus,
  })
  return {
    fatal: true,
    failed: holds ? undefined : { code: 'target-starved-others', values: { cpusUsed, cpus } },
  }
}

/** Fraction of the window that a process may be runnable and wait for a CPU before it is reported. */
const allowedWait = 0.1

/**
 * Programs outside the trial kept no process waiting for a CPU. Processes that share CPUs with each other wait for
 * each other as well.
 */
export function runQueueWait({
  measured,
}: {
  readonly measured: Pick<Measured, 'processes' | 'windowSeconds' | 'host' | 'nodes'>
}): Check[] {
  const { processes, windowSeconds } = measured
  return processes.map((cost) => {
    const { role, busiestThreadWaitedSeconds = 0, involuntarySwitches: switches } = cost
    const { seconds: others, ...where } = othersBeside(role, measured)
    const waitShare = busiestThreadWaitedSeconds / windowSeconds
    const othersCpus = others / windowSeconds
    const noticed = cost.sharedCpus ? others > allowedWait * windowSeconds : others > 0
    return {
      fatal: false,
      failed:
        waitShare > allowedWait && noticed
          ? { code: 'run-queue-wait', values: { role, ...where, waitShare, switches, othersCpus } }
          : undefined,
    }
  })
}

/** Fraction of the reported p99 from which on the jitter of the machine is part of the tail. A judgement. */
const allowedOfTail = 0.1

/** The tail of latency is not the machine's own: see src/meter/timer-jitter.ts. */
export function timerJitter({ measured }: Evidence): Check {
  const worst = measured.host.timerJitter?.toSorted((a, b) => b.p999 - a.p999)[0]
  const allowedSeconds = (allowedOfTail * decode(measured.latency).percentile(99)) / 1e6
  return {
    fatal: false,
    failed:
      worst !== undefined && worst.p999 > allowedSeconds
        ? {
            code: 'timer-jitter',
            values: { cpus: worst.cpus, p999Seconds: worst.p999, allowedSeconds },
          }
        : undefined,
  }
}

/** Fractions of the CPU time that the hypervisor may steal: above the first it is reported, above the second it is fatal. */
const steal = { reported: 0.01, fatal: 0.05 }
/** Fraction of the window for which a quota may stop the processes. */
const allowedThrottling = 0.01

/** A host during the window: a node by its name, or this host. */
interface WatchedHost
  extends Pick<Evidence['measured']['host'], 'stealSeconds' | 'throttledSeconds' | 'swappedPages'> {
  readonly node?: string
  readonly cpus: number
}

/** Each host of a trial was left alone: by the hypervisor, by CPU quotas, and by swapping. */
export function hostsUndisturbed({
  measured,
  cpuSets,
}: Pick<Evidence, 'cpuSets'> & {
  readonly measured: Pick<Measured, 'windowSeconds' | 'host' | 'nodes'>
}): Check[] {
  const cpus = new Set(Object.values(cpuSets).flat()).size
  const nodes = (measured.nodes ?? []).map(({ name, ...use }) => ({ ...use, node: name }))
  const { windowSeconds, host } = measured
  const hosts: readonly WatchedHost[] = [{ ...host, cpus }, ...nodes]
  return hosts.flatMap((one) => [
    noSteal(one, windowSeconds),
    notThrottled(one, windowSeconds),
    notSwapped(one),
  ])
}

/** The hypervisor left the CPUs to this machine. */
function noSteal({ node, stealSeconds, cpus }: WatchedHost, windowSeconds: number): Check {
  const share = stealSeconds / (windowSeconds * Math.max(1, cpus))
  return {
    fatal: share > steal.fatal,
    failed:
      share > steal.reported ? { code: 'cpu-stolen', values: { ...on(node), share } } : undefined,
  }
}

/** No CPU quota stopped the processes. */
function notThrottled({ node, throttledSeconds }: WatchedHost, windowSeconds: number): Check {
  const seconds = throttledSeconds
  return {
    fatal: true,
    failed:
      seconds > allowedThrottling * windowSeconds
        ? { code: 'throttled', values: { ...on(node), seconds } }
        : undefined,
  }
}

/** The host swapped no memory. */
function notSwapped({ node, swappedPages: pages }: WatchedHost): Check {
  return {
    fatal: true,
    failed: pages > 0 ? { code: 'swapped', values: { ...on(node), pages } } : undefined,
  }
}

function on(node: string | undefined): { node?: string } {
  return node === undefined ? {} : { node }
}
