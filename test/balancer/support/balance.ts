import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type BalancerConfig, checkConfig } from '../../../src/balancer/config/config.ts'
import {
  type Identity,
  identityOf,
  readTlsFiles,
} from '../../../src/balancer/config/tls-identity.ts'
import type { TlsSettings } from '../../../src/balancer/config/tls-settings.ts'
import { receive } from '../../../src/balancer/downstream/receive.ts'
import { openAccessLog } from '../../../src/balancer/io/access-log.ts'
import { readSteps } from '../../../src/balancer/observe/step-memory.ts'
import { totals } from '../../../src/balancer/shared/counters.ts'
import { type Balancer, startBalancer } from '../../../src/balancer/supervisor/balancer.ts'
import { startHealth } from '../../../src/balancer/supervisor/start-health.ts'
import { loadAccept } from '../../../src/balancer/worker/load-accept.ts'
import { allocateShared } from '../../../src/balancer/worker/shared-memory.ts'
import { startProxy } from '../../../src/balancer/worker/start-proxy.ts'

/** What a test may set; the rest is the same in all of them. */
export type Overrides = Partial<Omit<BalancerConfig, 'timeouts'>> & {
  readonly timeouts?: Partial<BalancerConfig['timeouts']>
}

/** A configuration for backends on these ports. */
export function configFor(ports: readonly number[], overrides: Overrides = {}): BalancerConfig {
  return {
    algorithm: 'round-robin',
    host: '127.0.0.1',
    port: 0,
    workers: 1,
    backends: ports.map((port) => ({ url: `http://127.0.0.1:${port}`, weight: 1 })),
    seed: 1,
    ...overrides,
    timeouts: { connect: 5, firstByte: 10, idle: 10, drain: 0.2, ...overrides.timeouts },
  }
}

/** What tests need of a balancer. */
export interface TestBalancer extends Pick<Balancer, 'port' | 'counts' | 'steps'>, AsyncDisposable {
  /** The balancer's ends of its clients' connections, where it runs in this thread. */
  clients(): readonly Socket[]
  /** Delivers bytes as if they had been read from the client that has been connected longest, in this tick. */
  deliver(bytes: Buffer): void
}

/**
 * A balancer in front of backends on these ports, gone at the end of the test. Its data path runs in
 * this thread, which starts at once; with `workers` given it is the real one, with workers.
 */
export async function balance(
  ports: readonly number[],
  overrides: Overrides = {},
): Promise<TestBalancer> {
  const config = configFor(ports, overrides)
  if (overrides.workers === undefined) return await inThisThread(config)
  return { ...(await startBalancer(config)), clients: () => [], deliver: () => undefined }
}

async function inThisThread(config: BalancerConfig): Promise<TestBalancer> {
  const settings = checkConfig(config)
  const shared = allocateShared(settings)
  const health = startHealth(settings, shared)
  const { accessLog, accessLogFormat: format } = settings
  const log = accessLog === undefined ? undefined : await openAccessLog(accessLog, { format })
  const identity = settings.tls && identityIn(settings.tls)
  const options = { version: 1, settings, shared, identity, worker: 0 }
  const { proxy, close } = startProxy(options, log)
  const accept = await loadAccept(options)
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
  server.on('connection', (socket) => void accept(proxy, socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    counts: () => ({
      ...totals(shared.counters, { workers: 1, table: shared.table }),
      turnedAway: 0,
    }),
    steps: () => (shared.steps === undefined ? [] : readSteps(shared.steps)),
    clients: () => [...proxy.clients].map(({ socket }) => socket as Socket),
    deliver(bytes) {
      const [client] = proxy.clients
      if (client !== undefined) receive(client, bytes)
    },
    async [Symbol.asyncDispose]() {
      server.close()
      close()
      await health[Symbol.asyncDispose]()
      for (const client of proxy.clients) client.socket.destroy()
      proxy.pool.closeIdle(Number.POSITIVE_INFINITY)
      await log?.close()
    },
  }
}

function identityIn(tls: TlsSettings): Identity {
  const read = readTlsFiles(tls)
  if ('problems' in read) throw new Error(read.problems[0]?.message)
  return identityOf(read.files)
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until `condition` holds, looking again every few milliseconds; the test's time limit ends it. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}
