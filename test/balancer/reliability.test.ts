import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { draining } from '../../bench/reliability/draining.ts'
import { dyingBackends } from '../../bench/reliability/dying-backends.ts'
import { dyingWorkers } from '../../bench/reliability/dying-workers.ts'
import type { NumberedLoad } from '../../bench/reliability/numbered-load.ts'
import { eventually } from './support/balance.ts'

const scratch = mkdtempSync(join(tmpdir(), 'lb-reliability-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Lets the load go on until so many more are answered. */
const more = (requests: number) => (load: NumberedLoad) => {
  const enough = load.answered() + requests
  return eventually(() => load.answered() >= enough)
}

const common = { rate: 200, build: 'source', scratch } as const

test.for([false, true])(
  'no GET is lost while backends get SIGKILL, nor a POST that was never sent, with members that change: %s',
  { timeout: 60_000 },
  async (changing) => {
    const toll = await dyingBackends({ ...common, kills: 3, changing, pause: more(40) })
    expect(toll).toMatchObject({ gets: 0, kills: 3, changes: changing ? 12 : 0 })
    expect(toll.unwritten).toBe(0)
    // A POST is lost where its backend died, and in no other way.
    expect(toll.whys).toEqual(toll.posts.length === 0 ? {} : { 502: toll.posts.length })
  },
)

test('a worker that is killed takes its connections with it, and nothing that comes later', async () => {
  const toll = await dyingWorkers({ ...common, kills: 3, pause: more(100) })
  expect(toll).toMatchObject({ fresh: 0, kills: 3, reached: { neither: 0 } })
  // Whoever repeats a GET is answered.
  expect(toll.getsLost).toBe(toll.gets - toll.repeated)
}, 60_000)

test('no request that was accepted is lost while balancers get SIGTERM', async () => {
  const toll = await draining({ ...common, drains: 2, pause: more(100) })
  expect(toll).toMatchObject({ accepted: 0, getsLost: 0, drains: 2 })
})
