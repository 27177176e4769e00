import { type AddressInfo, createServer } from 'node:net'
import { listen } from '../../kit/listen.ts'
import { checkInThread } from '../config/check-in-thread.ts'
import type { BalancerCounts, BalancerSettings } from '../config/config.ts'
import { readIdentity } from '../downstream/tls-identity.ts'
import { totals } from '../shared/counters.ts'
import { allocateShared } from '../worker/shared-memory.ts'
import { newAdmission } from './admission.ts'
import { startAdmin } from './start-admin.ts'
import { startHealth } from './start-health.ts'
import { startWorkers } from './worker-pool.ts'

/** Connections that the kernel queues until the main thread accepts them. */
const backlog = 4096

/** A running balancer. */
export interface Balancer extends AsyncDisposable {
  readonly port: number
  /** Undefined without an admin port. */
  readonly adminPort: number | undefined
  counts(): BalancerCounts
  /** Terminates one worker, as a crash would; for tests. */
  kill(worker: number): void
  /** Reopens the access log at its path, after the file was rotated. */
  reopenLog(): void
  /** Accepts no more connections, drains requests in flight, and ends after `timeouts.drain` at the latest. */
  stop(): Promise<void>
}

/**
 * Checks a configuration and starts the balancer. The main thread only accepts connections and dispatches each
 * to the worker with the fewest open ones, so that even a few connections are spread evenly. While no worker is
 * ready, connections wait; connections that a worker has taken are lost with it: docs/reference/balancer.md.
 *
 * @throws UsageError when the configuration or a file that it names cannot be used, or its port is in use
 */
export async function startBalancer(config: unknown): Promise<Balancer> {
  const settings = await checkInThread(config)
  const identity = await readIdentity(settings)
  const shared = allocateShared(settings)
  await using started = new AsyncDisposableStack()
  const health = started.use(startHealth(settings, shared))
  await checkAccessLog(settings)
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
  const { host, timeouts } = settings
  await listen(server, { host, port: settings.port, backlog }, 'the balancer')
  started.defer(() => void server.close())
  const workers = await startWorkers(settings, shared, identity)
  started.defer(() => workers.stop(timeouts.drain))
  const admission = started.use(newAdmission(settings, workers))
  const counts = () => ({
    ...totals(shared.counters, { workers: settings.workers, table: shared.table }),
    turnedAway: admission.turnedAway(),
  })
  const state = { draining: false }
  const admin = await startAdmin(settings, { shared, health, workers, counts, state })
  if (admin !== undefined) started.use(admin)
  server.on('connection', admission.admit)
  const { port } = server.address() as AddressInfo
  const running = started.move()
  const stop = async () => {
    state.draining = true
    server.close()
    // The admin port closes last, so that /healthz reports the drain.
    await workers.stop(timeouts.drain)
    await running.disposeAsync()
  }
  let stopped: Promise<void> | undefined
  const stopOnce = () => {
    stopped ??= stop()
    return stopped
  }
  return {
    port,
    adminPort: admin?.port,
    counts,
    kill: (worker) => workers.kill(worker),
    reopenLog: () => workers.reopenLog(),
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  }
}

/** Opens the access log once, so that a path that cannot be written is reported before a worker starts. */
async function checkAccessLog({ accessLog }: BalancerSettings): Promise<void> {
  if (accessLog === undefined) return
  const { openAccessLog } = await import('../io/access-log.ts')
  const log = await openAccessLog(accessLog)
  await log.close()
}
