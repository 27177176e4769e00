import { decode } from '../../stats/histogram/histogram.ts'
import { utilisation } from '../../stats/trial/laws.ts'
import { ms, percent } from '../words.ts'
import type { Check } from './checks.ts'
import { cpuSeconds } from './cpu-limit.ts'
import type { Evidence } from './verdict.ts'

/** CPU-seconds that a meter may be off at the two edges of a window: each is read within some ms, in ticks of 10 ms. */
const meterSlack = 0.1

/**
 * The utilisation law, U = X·S ≤ 1: nobody used more CPU than there was. Else the meter, or the clock, is wrong,
 * and so is every cost.
 */
export function metered({ measured, cpuSets }: Evidence): Check {
  const { processes, windowSeconds } = measured
  const over = processes.find(({ role, userSeconds, systemSeconds }) => {
    const most = windowSeconds * Math.max(1, cpuSets[role].length)
    return userSeconds + systemSeconds > 1.02 * most + meterSlack
  })
  return {
    fatal: true,
    broken: over && `${over.role} is said to have used more CPU than it had: the meter is wrong`,
  }
}

/**
 * A target that shares its CPUs with driver and backends left them something to run on: else it was held back by what
 * it took from them, and its throughput is nobody's.
 */
export function sharing({ measured, cpuSets }: Evidence): Check {
  const target = measured.processes.find(({ role }) => role === 'target')
  if (target === undefined || !target.sharedCpus) return { fatal: true, broken: undefined }
  const { broken } = utilisation({
    cpuSeconds: cpuSeconds(target),
    windowSeconds: measured.windowSeconds,
    requests: measured.window.ok + measured.window.non2xx,
    cpus: cpuSets.target.length,
  })
  return { fatal: true, broken }
}

/** Fraction of the window that a process may stand ready and wait, before it is worth a line. */
const shortWait = 0.1

/** Programs of others did not hold up a process; those that share CPUs with each other wait for each other. */
export function unhindered({ measured }: Evidence): Check[] {
  const { processes, windowSeconds, host } = measured
  const others = host.foreignSeconds + host.stealSeconds
  return processes
    .filter(({ sharedCpus }) => !sharedCpus || others > shortWait * windowSeconds)
    .map(({ role, busiestThreadWaitedSeconds = 0, involuntarySwitches }) => {
      const share = busiestThreadWaitedSeconds / windowSeconds
      const said = `${role} stood ready and waited for a CPU for ${percent(share)} of the window (switched out ${involuntarySwitches} times), while other programs used ${percent(others / windowSeconds)} of one`
      return { fatal: false, broken: share > shortWait && others > 0 ? said : undefined }
    })
}

/** Fraction of the reported p99 from which on what the machine itself adds is part of the tail. A judgement. */
const ofTheTail = 0.1

/** The tail of latency is not the machine's own: see src/meter/hiccup.ts. */
export function calm({ measured }: Evidence): Check {
  const worst = measured.host.timerJitter?.toSorted((a, b) => b.p999 - a.p999)[0]
  const allowed = (ofTheTail * decode(measured.latency).percentile(99)) / 1e6
  return {
    fatal: false,
    broken:
      worst !== undefined && worst.p999 > allowed
        ? `even what only wants to run every millisecond waited up to ${ms(worst.p999)} (p99.9) for ${worst.cpus.length === 1 ? 'CPU' : 'CPUs'} ${worst.cpus.join(', ')} (${ms(allowed)} would not matter): the tail is partly the host's`
        : undefined,
  }
}

/** The host left us the CPUs: over 1 % stolen is worth a line, over 5 % spoils the trial. */
export function undisturbed({ measured, cpuSets }: Evidence): Check[] {
  const { host, windowSeconds } = measured
  const cpus = new Set(Object.values(cpuSets).flat()).size
  const stolen = host.stealSeconds / (windowSeconds * cpus)
  return [
    {
      fatal: stolen > 0.05,
      broken:
        stolen > 0.01
          ? `the hypervisor gave ${(stolen * 100).toFixed(1)} % of the CPU time to other machines`
          : undefined,
    },
    {
      fatal: true,
      broken:
        host.throttledSeconds > 0.01 * windowSeconds
          ? `a quota stopped the processes for ${host.throttledSeconds.toFixed(2)} s`
          : undefined,
    },
    {
      fatal: true,
      broken: host.swappedPages > 0 ? `the host swapped ${host.swappedPages} pages` : undefined,
    },
  ]
}
