import { expect, test, vi } from 'vitest'
import { openAdmin } from '../../../src/balancer/admin/admin-server.ts'
import { adminSettings } from '../../../src/balancer/config/admin-settings.ts'
import type { ProfiledThread } from '../../../src/balancer/profiling/profiled-thread.ts'
import { newProfiler } from '../../../src/balancer/profiling/profiler.ts'
import { decodePprof } from '../../../src/profile/pprof.ts'
import { type Profile, type ProfileKind, profileUnits } from '../../../src/profile/profile.ts'
import { healthFixture } from '../support/health-fixture.ts'
import { snapshot } from '../support/snapshot.ts'

const token = 'let-me-change-it'
const bearer = { authorization: `Bearer ${token}` }

function profileOf(kind: ProfileKind, worker: string): Profile {
  const frames = [{ name: 'serve', file: '/lb/serve.js', line: 2 }]
  const samples = [{ stack: [0], value: 5, worker }]
  return { kind, unit: profileUnits[kind], seconds: 1, frames, samples }
}

/** A thread without V8's profilers, which records how its profiles begin and end. `refuses`: the step that fails. */
function thread(
  worker: string,
  { exits = false, refuses }: { exits?: boolean; refuses?: 'start' | 'stop' | 'gc' } = {},
) {
  const ended: string[] = []
  const intervals: number[] = []
  const started = Promise.withResolvers<void>()
  const refuse = (step: typeof refuses) => {
    if (step === refuses) throw new Error('it is sampled already')
  }
  const profiled: ProfiledThread = {
    async start(name, intervalMs) {
      refuse('start')
      intervals.push(intervalMs)
      started.resolve()
      return {
        async stop() {
          refuse('stop')
          ended.push('stopped')
          return exits ? undefined : profileOf(name === 'allocs' ? 'heap' : name, worker)
        },
        async discard() {
          ended.push('discarded')
        },
      }
    },
    async collectGarbage() {
      refuse('gc')
      return exits ? undefined : { worker, heapBytes: 1000, externalBytes: 10 }
    },
  }
  return { profiled, ended, intervals, started: started.promise }
}

/** The admin port of a balancer with these threads. */
async function admin(
  threads = [thread('main'), thread('0')],
  settings: object = { profiling: true, token },
) {
  const profiler = newProfiler(() => threads.map(({ profiled }) => profiled))
  const prepare = vi.fn(profiler.prepare)
  const { changes } = healthFixture({ weights: [1] })
  const parsed = adminSettings.parse({ port: 0, ...settings })
  const source = {
    snapshot: () => snapshot(),
    changes: () => changes,
    profiler: { ...profiler, prepare },
  }
  const server = await openAdmin(() => parsed, source)
  return {
    threads,
    profiler,
    prepare,
    get: (path: string, init: RequestInit = { headers: bearer }) =>
      fetch(`http://127.0.0.1:${server.port}/debug/${path}`, init),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

test.for([
  ['profile', 'cpu'],
  ['heap', 'heap'],
  ['allocs', 'heap'],
  ['activity', 'activity'],
] as const)('%s is a profile of kind %s, with the samples of all threads', async ([path, kind]) => {
  await using a = await admin()
  const response = await a.get(`pprof/${path}?seconds=0.01`)
  expect(response.status).toBe(200)
  const profile = decodePprof(await response.bytes())
  expect(profile.kind).toBe(kind)
  expect(profile.samples.map(({ worker }) => worker)).toEqual(['main', '0'])
})

test('format=json is the profile itself', async () => {
  await using a = await admin([thread('main')])
  const response = await a.get('pprof/heap?seconds=0.01&format=json')
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual(profileOf('heap', 'main'))
})

test('a thread that exits meanwhile is not in the profile', async () => {
  await using a = await admin([thread('main'), thread('0', { exits: true })])
  const profile = decodePprof(await (await a.get('pprof/profile?seconds=0.01')).bytes())
  expect(profile.samples.map(({ worker }) => worker)).toEqual(['main'])
})

test('POST /debug/gc answers with the memory of each thread', async () => {
  await using a = await admin([thread('main'), thread('0', { exits: true })])
  const response = await a.get('gc', { method: 'POST', headers: bearer })
  expect(await response.json()).toEqual({
    threads: [{ worker: 'main', heapBytes: 1000, externalBytes: 10 }],
    rssBytes: expect.any(Number),
  })
  expect((await a.get('gc')).status).toBe(405)
})

test('without profiling the paths do not exist, with or without a token', async () => {
  await using a = await admin([], { token })
  expect((await a.get('pprof/profile?seconds=1')).status).toBe(404)
  expect((await a.get('pprof/profile', {})).status).toBe(404)
  expect((await a.get('gc', { method: 'POST', headers: bearer })).status).toBe(404)
})

test('the profiles are listed', async () => {
  await using a = await admin()
  const { profiles } = (await (await a.get('pprof/')).json()) as { profiles: string[] }
  expect(profiles).toEqual([
    '/debug/pprof/profile',
    '/debug/pprof/heap',
    '/debug/pprof/allocs',
    '/debug/pprof/activity',
  ])
  expect((await a.get('pprof/', {})).status).toBe(401)
})

test('other profiles do not exist', async () => {
  await using a = await admin()
  expect((await a.get('pprof/mutex')).status).toBe(404)
})

test.for([
  ['no token', {}, 401],
  ['another token', { authorization: 'Bearer not-the-right-one' }, 401],
  ['another password', { authorization: `Basic ${btoa(':not-the-right-one')}` }, 401],
  ['the token as a user', { authorization: `Basic ${btoa(token)}` }, 401],
  ['the token', bearer, 200],
  ['the token as a password', { authorization: `Basic ${btoa(`:${token}`)}` }, 200],
] as const)('with %s: %i', async ([_, headers, status]) => {
  await using a = await admin()
  expect((await a.get('pprof/profile?seconds=0.01', { headers })).status).toBe(status)
})

test('without a configured token there are no profiles: 403, as for changes', async () => {
  await using a = await admin([], { profiling: true })
  const response = await a.get('pprof/profile')
  expect(response.status).toBe(403)
  expect(await response.json()).toMatchObject({ error: 'profiles are disabled' })
})

test.for([
  'seconds=0',
  'seconds=-1',
  'seconds=60.5',
  'seconds=61',
  'seconds=1e1',
  'seconds=',
  'seconds=NaN',
  'seconds=1s',
  'format=svg',
  'interval=0',
  'interval=0.5',
  'interval=101',
  'interval=',
])('%s is refused with 400', async (query) => {
  await using a = await admin()
  const response = await a.get(`pprof/profile?${query}`)
  expect(response.status).toBe(400)
  expect(Object.keys((await response.json()) as object)).toEqual(['error', 'hint'])
  expect(a.threads.flatMap(({ ended }) => ended)).toEqual([])
})

test('while a profile is taken, another one gets 409; the first one is not affected', async () => {
  await using a = await admin()
  const first = a.get('pprof/profile?seconds=60')
  await Promise.all(a.threads.map(({ started }) => started))
  expect((await a.get('pprof/profile?seconds=1')).status).toBe(409)
  expect((await a.get('pprof/heap?seconds=1')).status).toBe(409)
  expect((await a.get('gc', { method: 'POST', headers: bearer })).status).toBe(409)
  await a.profiler.end()
  expect((await first).status).toBe(200)
  expect((await a.get('pprof/activity?seconds=0.01')).status).toBe(200)
})

test('a client that goes away ends the profile', async () => {
  await using a = await admin()
  const leaving = new AbortController()
  const first = a.get('pprof/profile?seconds=60', { headers: bearer, signal: leaving.signal })
  await Promise.all(a.threads.map(({ started }) => started))
  leaving.abort()
  await expect(first).rejects.toThrow()
  await expect.poll(() => a.profiler.busy()).toBe(false)
  expect(a.threads.map(({ ended }) => ended)).toEqual([['discarded'], ['discarded']])
})

test('a sample is taken each 2 ms, or as the request says', async () => {
  await using a = await admin([thread('main')])
  expect((await a.get('pprof/profile?seconds=0.01')).status).toBe(200)
  expect((await a.get('pprof/profile?seconds=0.01&interval=10')).status).toBe(200)
  expect(a.threads.map(({ intervals }) => intervals)).toEqual([[2, 10]])
})

test('the code that reads profiles is loaded with the admin port, where profiling is on', async () => {
  await using on = await admin()
  expect(on.prepare).toHaveBeenCalledOnce()
  await using off = await admin([], { token })
  expect(off.prepare).not.toHaveBeenCalled()
})

test.for([
  ['start', 'pprof/heap?seconds=0.01', 'GET'],
  ['stop', 'pprof/heap?seconds=0.01', 'GET'],
  ['gc', 'gc', 'POST'],
] as const)(
  'a thread in which V8 refuses to %s is 503 with the reason; no other thread is profiled any more',
  async ([refuses, path, method]) => {
    const [other, refusing] = [thread('main'), thread('0', { refuses })]
    await using a = await admin([other, refusing])
    const response = await a.get(path, { method, headers: bearer })
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      error: 'V8 refuses the profile: it is sampled already',
      hint: 'end the other profiler of this process: an inspector session, --cpu-prof or --heap-prof',
    })
    const ends = { start: ['discarded'], stop: ['stopped'], gc: [] }
    expect(other.ended).toEqual(ends[refuses])
    expect(a.profiler.busy()).toBe(false)
  },
)
