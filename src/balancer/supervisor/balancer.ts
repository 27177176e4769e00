import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { UsageError } from '../../kit/errors.ts'
import { checkInThread } from '../config/check-in-thread.ts'
import type { BalancerCounts, BalancerSettings } from '../config/config.ts'
import { readIdentity } from '../downstream/tls-identity.ts'
import { localResponse } from '../http/local-response.ts'
import { totals } from '../shared/counters.ts'
import { allocateShared } from '../worker/shared-memory.ts'
import { startAdmin } from './start-admin.ts'
import { startHealth } from './start-health.ts'
import { startWorkers, type WorkerPool } from './worker-pool.ts'

/** A running balancer. */
export interface Balancer extends AsyncDisposable {
  readonly port: number
  /** Of the admin port; undefined where there is none. */
  readonly adminPort: number | undefined
  counts(): BalancerCounts
  /** Ends one worker as a crash would, to see what comes of it. */
  kill(worker: number): void
  /** Goes on in the file that is at the access log's path now, for one that was rotated. */
  reopenLog(): void
  /** Takes no more connections, lets requests in flight end, and is gone after `timeouts.drain`. */
  stop(): Promise<void>
}

/**
 * Checks a configuration, and starts the balancer. The main thread only accepts: it hands each connection to
 * the worker with the fewest, so that few connections are spread evenly too. Only workers that are ready get
 * any, and where none is connections wait; those that a worker has taken are lost with it: docs/reference/balancer.md.
 *
 * @throws UsageError where the configuration or a file that it names cannot be used, or its port is taken
 */
export async function startBalancer(config: unknown): Promise<Balancer> {
  const settings = await checkInThread(config)
  const identity = await readIdentity(settings)
  const shared = allocateShared(settings)
  await using started = new AsyncDisposableStack()
  const health = started.use(startHealth(settings, shared))
  await tryLog(settings)
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
  await listen(server, settings)
  started.defer(() => void server.close())
  const workers = await startWorkers(settings, shared, identity)
  started.defer(() => workers.stop(settings.timeouts.drain))
  const counts = () => totals(shared.counters, { workers: settings.workers, table: shared.table })
  const state = { draining: false }
  const admin = await startAdmin(settings, { shared, health, workers, counts, state })
  if (admin !== undefined) started.use(admin)
  server.on('connection', (socket) => admit(socket, settings, workers))
  const { port } = server.address() as AddressInfo
  const running = started.move()
  const stop = async () => {
    state.draining = true
    server.close()
    // The admin port goes last: who asks there must see that the balancer drains.
    await workers.stop(settings.timeouts.drain)
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

/** Tries whether the access log can be written, before there is a worker that would need it. */
async function tryLog({ accessLog }: BalancerSettings): Promise<void> {
  if (accessLog === undefined) return
  const { openAccessLog } = await import('../io/access-log.ts')
  const log = await openAccessLog(accessLog)
  await log.close()
}

async function listen(server: Server, { host, port }: BalancerSettings): Promise<void> {
  server.listen({ host, port, backlog: 4096 })
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(
      code === 'EADDRINUSE'
        ? `${host}:${port} is in use`
        : `cannot listen on ${host}:${port}: ${message}`,
      'choose another port, or 0 for any that is free',
    )
  }
}

function admit(socket: Socket, { limits, tls }: BalancerSettings, workers: WorkerPool): void {
  if (limits.connections > 0 && workers.open() >= limits.connections) {
    // Without a handshake there is nothing to say over TLS.
    socket.end(tls === undefined ? localResponse(503) : '')
    socket.on('error', () => socket.destroy())
    socket.resume()
    return
  }
  workers.serve(socket)
}
