import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { UsageError } from '../kit/errors.ts'
import { type BalancerCounts, type BalancerSettings, checkConfig } from './config.ts'
import { totals } from './counters.ts'
import { ownAnswer } from './refusal.ts'
import { allocateShared } from './shared.ts'
import { watchOver } from './watch-over.ts'
import { startWorkers, type Workers } from './workers.ts'

/** A running balancer. */
export interface Balancer extends AsyncDisposable {
  readonly port: number
  counts(): BalancerCounts
  /** Ends one worker as a crash would, to see what comes of it. */
  kill(worker: number): void
  /** Takes no more connections, lets requests in flight end, and is gone after `timeouts.drain`. */
  stop(): Promise<void>
}

/**
 * Starts the balancer. The main thread only accepts: it hands each connection to the worker with the
 * fewest, so that few connections are spread evenly too, and none is lost with a worker that dies.
 *
 * @throws UsageError where the configuration cannot be used, or its port is taken
 */
export async function startBalancer(config: unknown): Promise<Balancer> {
  const settings = checkConfig(config)
  const shared = allocateShared(settings)
  await using started = new AsyncDisposableStack()
  started.use(watchOver(settings, shared))
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
  await listen(server, settings)
  started.defer(() => void server.close())
  const workers = await startWorkers(settings, shared)
  server.on('connection', (socket) => admit(socket, settings, workers))
  const { port } = server.address() as AddressInfo
  const running = started.move()
  const stop = async () => {
    server.close()
    await workers.stop(settings.timeouts.drain)
    await running.disposeAsync()
  }
  return {
    port,
    counts: () => totals(shared.counters, { workers: settings.workers, table: shared.table }),
    kill: (worker) => workers.kill(worker),
    stop,
    [Symbol.asyncDispose]: stop,
  }
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

function admit(socket: Socket, { limits }: BalancerSettings, workers: Workers): void {
  if (limits.connections > 0 && workers.open() >= limits.connections) {
    socket.end(ownAnswer(503))
    socket.on('error', () => socket.destroy())
    socket.resume()
    return
  }
  workers.serve(socket)
}
