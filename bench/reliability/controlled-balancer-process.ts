import type { BalancerConfig } from '../../src/balancer/config/config.ts'
import type { Balancer } from '../../src/balancer/supervisor/balancer.ts'
import { serveRequests } from '../../src/kit/rpc.ts'

/** The balancer to start: its module, from the sources or compiled. */
export interface ControlledOptions {
  readonly module: string
  readonly config: BalancerConfig
}

/** The ports that it listens on. */
export interface ControlledReady {
  readonly port: number
  readonly adminPort: number | undefined
}

let balancer: Balancer | undefined

/*
 * The balancer in a process of its own, one of whose workers can be ended as by a crash.
 */
serveRequests({
  async start({ module, config }: ControlledOptions): Promise<ControlledReady> {
    const { startBalancer } = await import(module)
    balancer = (await startBalancer(config)) as Balancer
    return { port: balancer.port, adminPort: balancer.adminPort }
  },
  counts: () => balancer?.counts(),
  /** Returns the time of the kill: later requests must not go to that worker. */
  kill(worker: number): number {
    balancer?.kill(worker)
    return performance.timeOrigin + performance.now()
  },
  stop: () => balancer?.stop(),
})
