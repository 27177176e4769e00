import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { measureDraining } from '../../bench/reliability/draining.ts'
import { measureKilledBackends } from '../../bench/reliability/killed-backends.ts'
import { measureKilledBalancers } from '../../bench/reliability/killed-balancers.ts'
import { measureKilledWorkers } from '../../bench/reliability/killed-workers.ts'
import type { NumberedLoad } from '../../bench/reliability/numbered-load.ts'
import type { Protocols } from '../../bench/reliability/protocols.ts'
import { eventually } from './support/balance.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lb-reliability-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Lets the load go on until so many more are answered. */
const more = (requests: number) => (load: NumberedLoad) => {
  const enough = load.answered() + requests
  return eventually(() => load.answered() >= enough)
}

const common = { rate: 200, build: 'source', scratch } as const
const http1: Protocols = { clients: 'http1', backends: 'http1' }
const http2: Protocols = { clients: 'http2', backends: 'http2' }

test.for([
  [http1, false],
  [http1, true],
  [http2, true],
] as const)(
  'no GET is lost while backends get SIGKILL, nor a POST that was never sent, with members that change: %j, %s',
  { timeout: 60_000 },
  async ([protocols, changing]) => {
    const run = { ...common, protocols, kills: 3, changing, pause: more(40) }
    const losses = await measureKilledBackends(run)
    const { cut, posts, outcomes, ...counted } = losses
    // The backend died in the middle of the response.
    expect(counted).toMatchObject({ gets: cut.gets, kills: 3, changes: changing ? 12 : 0 })
    expect(losses.unwritten).toBe(0)
    // A POST is lost where its backend died, and in no other way.
    expect(outcomes[502] ?? 0).toBe(posts.length - cut.posts)
    const inAll = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
    expect(inAll).toBe(posts.length + cut.gets)
  },
)

test.for([http1, http2])(
  'a worker that is killed takes its connections with it, and nothing that comes later: %j',
  { timeout: 60_000 },
  async (protocols) => {
    const losses = await measureKilledWorkers({ ...common, protocols, kills: 3, pause: more(100) })
    expect(losses).toMatchObject({ onNewerConnections: 0, kills: 3, reached: { neither: 0 } })
    // Clients that repeat a GET get its response.
    expect(losses.getsLost).toBe(losses.gets - losses.repeated)
  },
)

test.for([http1])(
  'a balancer that is killed under its parent takes its connections with it, and none is refused: %j',
  {
    timeout: 60_000,
  },
  async (protocols) => {
    // What waited while no balancer ran is over before the next kill, which would also end requests that are repeated.
    const pause = async (load: NumberedLoad) => {
      await more(100)(load)
      await eventually(() => load.inFlight() < common.rate / 10)
    }
    const losses = await measureKilledBalancers({ ...common, protocols, kills: 2, pause })
    expect(losses).toMatchObject({ onNewerConnections: 0, refused: 0, reached: { neither: 0 } })
    expect(losses.getsLost).toBe(losses.gets - losses.repeated)
    expect(losses.restartMs).toHaveLength(2)
  },
)

test.for([http1, http2])(
  'no request that was accepted is lost while balancers get SIGTERM: %j',
  async (protocols) => {
    const losses = await measureDraining({ ...common, protocols, drains: 2, pause: more(100) })
    expect(losses).toMatchObject({ accepted: 0, getsLost: 0, drains: 2 })
  },
)
