import type { Counts } from '../../driver/driver.ts'
import { settledBy } from '../../stats/series/steady.ts'
import { conservation, little } from '../../stats/trial/laws.ts'
import type { Check } from './check.ts'
import { allSent, isOnTime, queueStable } from './driver-lateness.ts'
import type { Evidence, Measured } from './evidence.ts'
import { differingDrivers, lostDrivers } from './fleet-checks.ts'
import {
  cpuAccounting,
  hostsUndisturbed,
  runQueueWait,
  sharedCpus,
  timerJitter,
} from './host-checks.ts'
import { knobsTaken } from './knob-checks.ts'

/** Every check that a trial must pass. */
export function checks(evidence: Evidence): Check[] {
  const { measured, connections, fleet } = evidence
  // Without the requests of a driver, every other check would compare figures of different loads.
  if (fleet !== undefined && fleet.lost.length > 0) return lostDrivers(fleet)
  return [
    ...knobsTaken(evidence),
    ...differingDrivers(fleet),
    succeeded(measured.window),
    conserved(measured, connections),
    ...(measured.trial.phase === 'capacity'
      ? [littlesLaw(measured, connections)]
      : [allSent(measured), isOnTime(measured), queueStable(measured)]),
    throughputSteady(measured),
    cpuAccounting(evidence),
    sharedCpus(evidence),
    ...runQueueWait(evidence),
    ...hostsUndisturbed(evidence),
    timerJitter(evidence),
  ]
}

/** Some requests succeeded; those that failed are reported. */
function succeeded(window: Counts): Check {
  const { ok, non2xx, errors, timeouts, dropped } = window
  const requests = ok + non2xx + errors + timeouts + dropped
  if (ok === 0) return { fatal: true, failed: { code: 'no-success', values: { requests } } }
  const failed = requests - ok
  return {
    fatal: false,
    failed:
      failed > 0
        ? {
            code: 'requests-failed',
            values: { failed, requests, errors, timeouts, non2xx, dropped },
          }
        : undefined,
  }
}

/**
 * Target and backends counted the responses that the driver saw: but for one request a connection that was cut
 * off when the driver stopped, for those that failed, and for local replies of the target. Where the
 * backends are not ours, nobody counted there. Under faults the backends may have counted more: a request
 * that a target retries at another backend is received twice.
 */
function conserved(measured: Measured, connections: number): Check {
  const { total, targetRequests, perBackend, faultTimeline, cutOff = 0 } = measured
  const driver = total.ok + total.non2xx
  const received = perBackend.length > 0 ? perBackend : [driver]
  const retried = faultTimeline && received.reduce((sum, count) => sum + count, 0) > driver
  const backends = retried ? [driver] : received
  const target = targetRequests !== undefined && { target: targetRequests }
  const allowed = Math.max(connections, cutOff) + total.errors + total.timeouts + total.non2xx
  const { holds } = conservation({ driver, ...target, backends, unsure: allowed })
  const counted = backends.reduce((sum, count) => sum + count, 0)
  return {
    fatal: true,
    failed: holds
      ? undefined
      : {
          code: 'requests-not-conserved',
          values: { driver, ...target, backends: counted, allowed },
        },
  }
}

function littlesLaw(measured: Measured, connections: number): Check {
  const { window, windowSeconds, meanSeconds } = measured
  const ended = window.ok + window.non2xx + window.errors + window.timeouts
  const { holds, value } = little({
    connections,
    rate: ended / windowSeconds,
    meanSeconds,
    requestsPerConnection: ended / connections,
  })
  return {
    fatal: true,
    failed: holds ? undefined : { code: 'littles-law', values: { ratio: value } },
  }
}

/** Bins of responses per second: see DriverReport. */
const binsPerSecond = 10

/**
 * Throughput was steady when the window opened: by the warm-up alone, or together with the window, up to the first
 * fault.
 */
function throughputSteady(measured: Measured): Check {
  const { steady, bins, warmupSeconds, windowSeconds, faultTimeline } = measured
  const undisturbed = faultTimeline?.faults[0]?.from ?? windowSeconds
  const end = Math.floor((warmupSeconds + undisturbed) * binsPerSecond)
  const settled = steady || settledBy(bins.slice(0, end), Math.round(warmupSeconds * binsPerSecond))
  return {
    fatal: false,
    failed: settled ? undefined : { code: 'throughput-unsteady', values: {} },
  }
}
