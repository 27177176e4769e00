import type { BalancerConfig } from '../../../src/balancer/config/config.ts'
import type { Balancer } from '../../../src/balancer/supervisor/balancer.ts'
import { serveRequests } from '../../../src/kit/rpc.ts'

/** The balancer to start: its module, from the sources or as it was built. */
export interface SteeredOptions {
  readonly module: string
  readonly config: BalancerConfig
}

/** Where it listens. */
export interface SteeredReady {
  readonly port: number
  readonly adminPort: number | undefined
}

let balancer: Balancer | undefined

/*
 * The balancer in a process of its own, which can be told to end one of its workers as a crash would.
 */
serveRequests({
  async start({ module, config }: SteeredOptions): Promise<SteeredReady> {
    const { startBalancer } = await import(module)
    balancer = (await startBalancer(config)) as Balancer
    return { port: balancer.port, adminPort: balancer.adminPort }
  },
  counts: () => balancer?.counts(),
  /** When it was done: what comes later must not go to that worker. */
  kill(worker: number): number {
    balancer?.kill(worker)
    return performance.timeOrigin + performance.now()
  },
  stop: () => balancer?.stop(),
})
