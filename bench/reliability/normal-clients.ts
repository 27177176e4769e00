import type { Counts } from '../../src/driver/driver.ts'
import { driveFleet } from '../../src/driver/fleet/drive-fleet.ts'
import { startProcess } from '../../src/lab/process.ts'
import type { Load } from '../../src/plan/plan.ts'
import { percentileWithFailures } from '../../src/stats/estimates/percentiles.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import type { BesideCrowdOptions } from './beside-crowd.ts'
import { type ControlledBalancer, moduleOf } from './controlled-balancer.ts'
import { openFiles, watchPeakMemory } from './process-memory.ts'

/** The figures of normal clients and of the balancer in one window. */
export interface ClientWindow {
  /** Milliseconds from when a request was due; failed requests count as slower than any. */
  readonly p50: number
  readonly p99: number
  /** Outcomes of all their requests, warm-up included. */
  readonly counts: Counts
  /** Maximum resident memory of the balancer in the window. */
  readonly residentBytes: number
  /** Files that the balancer had open at its end. */
  readonly files: number
}

export const normalConnections = 50
/** Maximum number of requests in flight: those of two seconds, so that a stall drops none. */
const maxInFlight = 1000

/** Measures normal clients: a warm-up of one second, then the window. */
export async function measureClients(
  { seconds, rate, build, placement }: BesideCrowdOptions,
  { port, pid }: ControlledBalancer,
): Promise<ClientWindow> {
  const file = moduleOf('driver/main', build)
  await using driver = await startProcess({ name: 'the driver', file, cpus: placement.driver })
  const load: Load = {
    driver: 'open-loop',
    request: { method: 'GET', path: '/', bodyBytes: 0 },
    connections: normalConnections,
    warmup: { least: 1, most: 1 },
    duration: seconds,
    timeout: 10,
    seed: 1,
    arrivals: { rate, spacing: 'poisson', maxInFlight },
  }
  const peakMemory = watchPeakMemory(pid)
  const url = new URL(`http://127.0.0.1:${port}/`)
  const { signal } = new AbortController()
  const report = await driveFleet([driver], { load, url, signal })
  const times = decode(report.latency)
  const failed = failedRequests(report.window)
  return {
    p50: percentileWithFailures(times, 50, failed) / 1e3,
    p99: percentileWithFailures(times, 99, failed) / 1e3,
    counts: report.total,
    residentBytes: peakMemory(),
    files: openFiles(pid),
  }
}

/** Requests without a complete 2xx response. */
export function failedRequests({ non2xx, errors, timeouts, dropped }: Counts): number {
  return non2xx + errors + timeouts + dropped
}
