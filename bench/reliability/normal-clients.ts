import type { Counts, DriverReport } from '../../src/driver/driver.ts'
import { startProcess } from '../../src/lab/process.ts'
import type { Load } from '../../src/plan/plan.ts'
import { percentileWithFailures } from '../../src/stats/estimates/percentiles.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import type { Crowded } from './crowded.ts'
import { filesOf, watchMemory } from './memory.ts'
import { moduleOf, type Steered } from './steer.ts'

/** What normal clients saw in one window, and what the balancer held. */
export interface Look {
  /** Milliseconds, from when a request was due; those that failed are slower than any. */
  readonly p50: number
  readonly p99: number
  /** What became of all their requests, warm-up included. */
  readonly counts: Counts
  /** The most in the window. */
  readonly residentBytes: number
  /** Files that the balancer had open at its end. */
  readonly files: number
}

export const normalConnections = 50
/** Requests that may be under way or wait for a connection: two seconds' worth, so that a stall drops none. */
const maxInFlight = 1000

/** What normal clients see now: a second to get going, then the window. */
export async function look(
  { seconds, rate, build, placement }: Crowded,
  { port, pid }: Steered,
): Promise<Look> {
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
  const most = watchMemory(pid)
  const order = { load, url: `http://127.0.0.1:${port}/` }
  const report = await driver.call<DriverReport>('drive', order, { timeout: seconds + 60 })
  const times = decode(report.latency)
  const failed = failedOf(report.window)
  return {
    p50: percentileWithFailures(times, 50, failed) / 1e3,
    p99: percentileWithFailures(times, 99, failed) / 1e3,
    counts: report.total,
    residentBytes: most(),
    files: filesOf(pid),
  }
}

/** Requests without a good answer. */
export function failedOf({ non2xx, errors, timeouts, dropped }: Counts): number {
  return non2xx + errors + timeouts + dropped
}
