import type { BalancerConfig } from '../../../src/balancer/config.ts'
import { configFor } from '../../balancer/support/balance.ts'
import { type NumberedLoad, numberedLoad, whysOf } from './numbered-load.ts'
import { type Build, type Steered, steer } from './steer.ts'
import { startVictims } from './victims.ts'

/** A run under load in which backends are killed with SIGKILL, and started again. */
export interface DyingBackends {
  readonly rate: number
  readonly kills: number
  /** Weights and membership change all the while, over the admin port. */
  readonly changing: boolean
  readonly build: Build
  readonly scratch: string
  /** Lets the load go on for a while. Called four times for each kill. */
  pause(load: NumberedLoad): Promise<unknown>
}

/** What became of it. */
export interface Toll {
  readonly sent: number
  readonly kills: number
  readonly changes: number
  readonly retried: number
  /** Lost requests that may be sent twice without harm. */
  readonly lostGets: number
  /** Lost requests that may not. */
  readonly lostPosts: number
  /** Of these, those that no backend had read when it died. */
  readonly unread: number
  /** How they were lost, each with its count. */
  readonly whys: Readonly<Record<string, number>>
}

/** Milliseconds that an answer takes: so that some are under way whenever a backend dies. */
const serviceMs = 20

export async function dyingBackends(run: DyingBackends): Promise<Toll> {
  const { rate, kills, build, scratch } = run
  await using victims = await startVictims(4, { scratch, serviceMs })
  const [ports, joining] = [victims.ports.slice(0, 3), victims.ports[3] as number]
  await using balancer = await steer(configOf(ports), build)
  const change = run.changing ? changer(balancer, [...ports, joining]) : undefined
  const load = numberedLoad({ port: () => balancer.port, rate })
  await run.pause(load)
  for (let kill = 0; kill < kills; kill++) {
    await victims.kill(kill % 3)
    await change?.next()
    await run.pause(load)
    await change?.next()
    await run.pause(load)
    await victims.revive(kill % 3)
    await change?.next()
    await run.pause(load)
    await change?.next()
    await run.pause(load)
  }
  const lost = await load.stop()
  const reached = victims.reached()
  const posts = lost.filter(({ method }) => method === 'POST')
  return {
    sent: load.sent(),
    kills,
    changes: change === undefined ? 0 : 4 * kills,
    retried: (await balancer.counts()).retried,
    lostGets: lost.length - posts.length,
    lostPosts: posts.length,
    unread: posts.filter(({ number }) => !reached(number)).length,
    whys: whysOf(lost),
  }
}

function configOf(ports: readonly number[]): BalancerConfig {
  return configFor(ports, { workers: 2, algorithm: 'weighted' })
}

/** Changes what there is to change, a step at a time, over and over. Of the backends that die two always stay. */
async function* changer(balancer: Steered, ports: readonly number[]): AsyncGenerator<void, never> {
  const [a, b, c, joining] = ports.map((port) => `127.0.0.1:${port}`)
  for (;;) {
    yield balancer.change('PUT', `/backends/${a}/weight`, { weight: 5 })
    yield balancer.change('POST', '/backends', { url: `http://${joining}`, weight: 2 })
    yield balancer.change('POST', `/backends/${b}/drain`)
    yield balancer.change('PUT', `/backends/${a}/weight`, { weight: 1 })
    yield balancer.change('POST', `/backends/${b}/undrain`)
    yield balancer.change('DELETE', `/backends/${joining}`)
    yield balancer.change('PUT', `/backends/${c}/weight`, { weight: 3 })
  }
}
