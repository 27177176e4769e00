import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { type Balancer, startBalancer } from '../../../src/balancer/balancer.ts'
import type { BalancerConfig } from '../../../src/balancer/config.ts'

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

/** A balancer in front of backends on these ports, gone at the end of the test. */
export async function balance(
  ports: readonly number[],
  overrides: Overrides = {},
): Promise<Balancer & AsyncDisposable> {
  const balancer = await startBalancer(configFor(ports, overrides))
  return { ...balancer, [Symbol.asyncDispose]: () => balancer.stop() }
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
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
