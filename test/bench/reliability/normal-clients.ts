import type { Counts, DriverReport } from '../../../src/driver/driver.ts'
import { startProcess } from '../../../src/lab/process.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { decode } from '../../../src/stats/histogram.ts'
import type { Crowded } from './crowded.ts'
import { filesOf, watchMemory } from './memory.ts'
import { moduleOf, type Steered } from './steer.ts'

/** What normal clients saw in one window, and what the balancer held. */
export interface Look {
  /** Milliseconds, from when a request was due. */
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
    arrivals: { rate, spacing: 'poisson' },
  }
  const most = watchMemory(pid)
  const order = { load, url: `http://127.0.0.1:${port}/` }
  const report = await driver.ask<DriverReport>('drive', order, { timeout: seconds + 60 })
  const times = decode(report.latency)
  return {
    p50: times.percentile(50) / 1e3,
    p99: times.percentile(99) / 1e3,
    counts: report.total,
    residentBytes: most(),
    files: filesOf(pid),
  }
}
