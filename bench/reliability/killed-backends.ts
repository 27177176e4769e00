import { join } from 'node:path'
import { configFor } from '../../test/balancer/support/balance.ts'
import {
  type Build,
  type ControlledBalancer,
  startControlledBalancer,
} from './controlled-balancer.ts'
import { type KillableBackends, startKillableBackends } from './killable-backends.ts'
import { type Losses, lossesOf, type Reached, reachedOf } from './lost-requests.ts'
import { type NumberedLoad, numberedLoad } from './numbered-load.ts'
import type { Protocols } from './protocols.ts'
import { writtenPosts } from './written-posts.ts'

/** Options of a run under load in which backends are killed with SIGKILL, and started again. */
export interface KilledBackendsOptions {
  readonly protocols: Protocols
  readonly rate: number
  readonly kills: number
  /** Whether weights and membership change meanwhile, over the admin port. */
  readonly changing: boolean
  readonly build: Build
  readonly scratch: string
  /** Lets the load continue for a while. Called four times per kill. */
  pause(load: NumberedLoad): Promise<unknown>
}

/** The failures of such a run. */
export interface BackendLosses extends Losses {
  readonly sent: number
  readonly kills: number
  readonly changes: number
  /** Retries of the balancer. */
  readonly retried: number
  /** Lost POSTs; `delivered`: the balancer wrote them to an open connection. */
  readonly reached: Reached
  /** Those of `neither` that the balancer wrote to no connection at all. */
  readonly unwritten: number
}

/**
 * Retry budget: retries in flight as a fraction of the requests in flight. One of three backends has a third of them, and when it
 * dies all of these must be retried at once; the default is enough for five or more backends.
 */
export const retryShare = 0.5

/** Service time, milliseconds: long enough that some requests are in flight whenever a backend dies. */
const serviceMs = 20

export async function measureKilledBackends(run: KilledBackendsOptions): Promise<BackendLosses> {
  const { protocols, rate, kills, build, scratch } = run
  const serving = { scratch, serviceMs, protocol: protocols.backends }
  await using backends = await startKillableBackends(4, serving)
  const posts = writtenPosts(join(scratch, `posts-${backends.ports[0]}`))
  const config = configFor([], {
    workers: 2,
    algorithm: 'weighted',
    retries: { share: retryShare },
    backends: backends.configured.slice(0, 3),
  })
  await using balancer = await startControlledBalancer(config, build, {
    nodeArgs: posts.nodeArgs,
  })
  const change = run.changing ? changer(balancer, backends) : undefined
  const load = numberedLoad({ protocol: protocols.clients, port: () => balancer.port, rate })
  await run.pause(load)
  for (let kill = 0; kill < kills; kill++) {
    await backends.kill(kill % 3)
    await change?.next()
    await run.pause(load)
    await change?.next()
    await run.pause(load)
    await backends.restart(kill % 3)
    await change?.next()
    await run.pause(load)
    await change?.next()
    await run.pause(load)
  }
  const losses = lossesOf(await load.stop())
  const { delivered, written } = posts.read()
  const wasRead = backends.reached()
  return {
    ...losses,
    sent: load.sent(),
    kills,
    changes: change === undefined ? 0 : 4 * kills,
    retried: (await balancer.counts()).retried,
    reached: reachedOf(losses.posts, wasRead, ({ number }) => delivered(number)),
    unwritten: losses.posts.filter(({ number }) => !written(number) && !wasRead(number)).length,
  }
}

/** Changes weights and members, one step at a time, again and again. Of the backends that are killed two always stay. */
async function* changer(
  balancer: ControlledBalancer,
  { ports, configured }: KillableBackends,
): AsyncGenerator<void, never> {
  const [a, b, c, joining] = ports.map((port) => `127.0.0.1:${port}`)
  const url = configured[3]?.url
  for (;;) {
    yield balancer.change('PUT', `/backends/${a}/weight`, { weight: 5 })
    yield balancer.change('POST', '/backends', { url, weight: 2 })
    yield balancer.change('POST', `/backends/${b}/drain`)
    yield balancer.change('PUT', `/backends/${a}/weight`, { weight: 1 })
    yield balancer.change('POST', `/backends/${b}/undrain`)
    yield balancer.change('DELETE', `/backends/${joining}`)
    yield balancer.change('PUT', `/backends/${c}/weight`, { weight: 3 })
  }
}
