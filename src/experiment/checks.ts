import type { Counts } from '../driver/driver.ts'
import type { Measurement } from '../result/document.ts'
import { decode, histogram } from '../stats/histogram.ts'
import { allowedLateness, conservation, type LawCheck, little } from '../stats/laws.ts'
import type { Evidence } from './verdict.ts'

/** A law that every trial must obey, and what became of it. */
interface Check {
  /** What does not hold, as a sentence; undefined where it holds. */
  readonly broken: string | undefined
  /** Whether the trial may not enter an estimate when it is broken. */
  readonly fatal: boolean
}

type Measured = Omit<Measurement, 'verdict'>

/** Holds a trial against every law that it must obey. */
export function checks({ measured, cpuSets, connections }: Evidence): Check[] {
  const cpus = new Set(Object.values(cpuSets).flat()).size
  return [
    answered(measured.window),
    law(conserved(measured, connections)),
    ...(measured.trial.phase === 'capacity'
      ? [law(loopClosed(measured, connections))]
      : [onTime(measured)]),
    steady(measured),
    ...undisturbed(measured, cpus),
  ]
}

/** A broken law spoils the trial. */
function law({ broken }: LawCheck): Check {
  return { broken, fatal: true }
}

/** Something was answered; what failed is said. */
function answered(window: Counts): Check {
  const { ok, non2xx, errors, timeouts, dropped } = window
  const all = ok + non2xx + errors + timeouts + dropped
  if (ok === 0) {
    return { fatal: true, broken: `no request was answered with success in the window (of ${all})` }
  }
  const failed = all - ok
  return {
    fatal: false,
    broken:
      failed > 0
        ? `${failed} of ${all} requests failed (${errors} errors, ${timeouts} time-outs, ${non2xx} answers that are not 2xx, ${dropped} never sent)`
        : undefined,
  }
}

/**
 * What the driver saw answered, target and backends counted: but for one request a connection that was cut
 * off when the driver stopped, for those that failed, and for what the target answered by itself.
 */
function conserved({ total, targetRequests, perBackend }: Measured, connections: number): LawCheck {
  return conservation({
    driver: total.ok + total.non2xx,
    ...(targetRequests !== undefined && { target: targetRequests }),
    backends: perBackend,
    unsure: connections + total.errors + total.timeouts + total.non2xx,
  })
}

function loopClosed(measured: Measured, connections: number): LawCheck {
  const { window, windowSeconds, meanSeconds } = measured
  const ended = window.ok + window.non2xx + window.errors + window.timeouts
  return little({
    connections,
    rate: ended / windowSeconds,
    meanSeconds,
    requestsPerConnection: ended / connections,
  })
}

/**
 * The driver kept pace: each request is late by its own fault only, since one that found no place in flight is
 * counted as dropped. Late by habit, it measured itself; late now and then, the tail is partly its own.
 */
function onTime({ lateness, latency }: Measured): Check {
  const late = decode(lateness ?? histogram().encode())
  const allowed = allowedLateness(decode(latency).percentile(50) / 1e6)
  const [p50, p99] = [late.percentile(50) / 1e6, late.percentile(99) / 1e6]
  if (p99 <= allowed) return { fatal: false, broken: undefined }
  const fatal = p50 > allowed
  return {
    fatal,
    broken: fatal
      ? `the driver could not keep pace: it sent half of the requests more than ${ms(p50)} late`
      : `the driver sent 1 % of the requests more than ${ms(p99)} late (${ms(allowed)} would not matter): the tail is partly its own`,
  }
}

function ms(seconds: number): string {
  return `${Number((seconds * 1e3).toPrecision(2))} ms`
}

/** Throughput had settled when the window opened. */
function steady(measured: Measured): Check {
  return {
    fatal: false,
    broken: measured.steady ? undefined : 'throughput was not steady when the window opened',
  }
}

/** The host left us the CPUs: over 1 % stolen is worth a line, over 5 % spoils the trial. */
function undisturbed({ host, windowSeconds }: Measured, cpus: number): Check[] {
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
