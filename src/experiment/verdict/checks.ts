import type { Counts } from '../../driver/driver.ts'
import type { Measurement } from '../../result/document.ts'
import { settledBy } from '../../stats/series/steady.ts'
import { conservation, type LawCheck, little } from '../../stats/trial/laws.ts'
import { balanced, onTime, sentAll } from './driver-lateness.ts'
import { calm, metered, sharing, undisturbed, unhindered } from './host-checks.ts'
import type { Evidence } from './verdict.ts'

/** A law that every trial must obey, and what became of it. */
export interface Check {
  /** What does not hold, as a sentence; undefined where it holds. */
  readonly broken: string | undefined
  /** Whether the trial may not enter an estimate when it is broken. */
  readonly fatal: boolean
}

type Measured = Omit<Measurement, 'verdict'>

/** Holds a trial against every law that it must obey. */
export function checks(evidence: Evidence): Check[] {
  const { measured, connections } = evidence
  return [
    answered(measured.window),
    law(conserved(measured, connections)),
    ...(measured.trial.phase === 'capacity'
      ? [law(loopClosed(measured, connections))]
      : [sentAll(measured), onTime(measured), balanced(measured)]),
    steady(measured),
    metered(evidence),
    sharing(evidence),
    ...unhindered(evidence),
    ...undisturbed(evidence),
    calm(evidence),
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
 * off when the driver stopped, for those that failed, and for what the target answered by itself. Where the
 * backends are not ours, nobody counted there. Under faults the backends may have counted more: what a
 * target tries again at another backend is received twice.
 */
function conserved(measured: Measured, connections: number): LawCheck {
  const { total, targetRequests, perBackend, faultTimeline } = measured
  const driver = total.ok + total.non2xx
  const received = perBackend.length > 0 ? perBackend : [driver]
  const again = faultTimeline && received.reduce((sum, count) => sum + count, 0) > driver
  return conservation({
    driver,
    ...(targetRequests !== undefined && { target: targetRequests }),
    backends: again ? [driver] : received,
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

/** Bins of answers per second: see DriverReport. */
const binsPerSecond = 10

/**
 * Throughput had settled when the window opened: by the warm-up alone, or seen with the window behind it, up to
 * the first fault.
 */
function steady({ steady, bins, warmupSeconds, windowSeconds, faultTimeline }: Measured): Check {
  const undisturbed = faultTimeline?.faults[0]?.from ?? windowSeconds
  const end = Math.floor((warmupSeconds + undisturbed) * binsPerSecond)
  const settled = steady || settledBy(bins.slice(0, end), Math.round(warmupSeconds * binsPerSecond))
  return {
    fatal: false,
    broken: settled ? undefined : 'throughput was not steady when the window opened',
  }
}
