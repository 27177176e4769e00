import { join } from 'node:path'
import { configFor } from '../../test/balancer/support/balance.ts'
import { type Losses, lossesOf, type Reached, reachedOf } from './losses.ts'
import { type NumberedLoad, numberedLoad } from './numbered-load.ts'
import { postWitness } from './post-witness.ts'
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
export interface BackendToll extends Losses {
  readonly sent: number
  readonly kills: number
  readonly changes: number
  /** By the balancer. */
  readonly retried: number
  /** POSTs: `given` are those that the balancer wrote to a connection that stood. */
  readonly reached: Reached
  /** Of the POSTs that reached nobody, those that the balancer wrote to no connection at all. */
  readonly unwritten: number
}

/**
 * Retries in flight, as a share of the requests in flight. One backend of three has a third of them, and when it
 * dies all of these must be sent again at once; the default is enough where there are five or more.
 */
export const retryShare = 0.5

/** Milliseconds that an answer takes: so that some are under way whenever a backend dies. */
const serviceMs = 20

export async function dyingBackends(run: DyingBackends): Promise<BackendToll> {
  const { rate, kills, build, scratch } = run
  await using victims = await startVictims(4, { scratch, serviceMs })
  const [ports, joining] = [victims.ports.slice(0, 3), victims.ports[3] as number]
  const witness = postWitness(join(scratch, `posts-${ports[0]}`))
  const retries = { share: retryShare }
  const config = configFor(ports, { workers: 2, algorithm: 'weighted', retries })
  await using balancer = await steer(config, build, { nodeArgs: witness.nodeArgs })
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
  const losses = lossesOf(await load.stop())
  const { given, written } = witness.seen()
  const wasRead = victims.reached()
  return {
    ...losses,
    sent: load.sent(),
    kills,
    changes: change === undefined ? 0 : 4 * kills,
    retried: (await balancer.counts()).retried,
    reached: reachedOf(losses.posts, wasRead, ({ number }) => given(number)),
    unwritten: losses.posts.filter(({ number }) => !written(number) && !wasRead(number)).length,
  }
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
