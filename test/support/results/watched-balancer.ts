import { metricsText } from '../../../src/balancer/admin/metrics-text.ts'
import { type Watcher, watcher } from '../../../src/watch/watcher.ts'
import { backendSnapshot, snapshot } from '../../balancer/support/snapshot.ts'
import { busyWorker } from '../../dashboards/busy-worker.ts'

/** Noon here, whatever the time zone. */
export const noon = new Date(2026, 10, 30, 12).getTime() / 1e3

/** A balancer of some workers after `count` readings, one a second, whose load grows. */
export async function watchedBalancer({ count = 12, workers = 2 } = {}): Promise<Watcher> {
  let seconds = 0
  const own = watcher('http://127.0.0.1:18701', {
    time: () => noon + seconds,
    steady: () => seconds,
  })
  for (let i = 0; i < count; i++) {
    const requests = 50 * i * i
    const buckets = [0, 6, 3, 1, ...Array(11).fill(0)].map((one) => one * i)
    const worker = (number: number) => ({
      ...busyWorker,
      requests,
      cpuUser: (0.3 + number / 10) * i,
      cpuSystem: 0.1 * i,
      gcSeconds: 0.01 * i,
    })
    own.responded(
      await metricsText(
        snapshot({
          backends: [backendSnapshot('a:1', { responses: [0, requests, 0, 0, i] })],
          workers: Array.from({ length: workers }, (_, number) => worker(number)),
          latency: { buckets, sum: i },
          retries: 2 * i,
          residentBytes: 100 * 2 ** 20,
        }),
      ),
    )
    seconds++
  }
  return own
}
