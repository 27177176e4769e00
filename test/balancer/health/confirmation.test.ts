import { expect, test, vi } from 'vitest'
import { confirmEjections } from '../../../src/balancer/health/confirmation.ts'
import type { Prober } from '../../../src/balancer/health/probe.ts'
import { healthFixture } from '../support/health-fixture.ts'

type Result = Awaited<ReturnType<Prober['probe']>>

/** Two backends, and checks that have this result; `made` are the URLs that were checked. */
function start(result: Result, settings = {}) {
  const fixture = healthFixture({
    weights: [1, 1],
    settings: { passive: { failures: 3 }, ...settings },
  })
  const made: string[] = []
  const clock = { now: 0 }
  const confirmation = confirmEjections({
    health: fixture.health,
    prober: {
      async probe(url) {
        made.push(url)
        return result
      },
      close: async () => undefined,
    },
    now: () => clock.now,
  })
  const suspect = (row: number, times = 3) => {
    for (let n = 0; n < times; n++) fixture.passive.recordFailure(row, clock.now, 'exchange')
  }
  const { columns } = fixture.health
  return {
    ...fixture,
    made,
    clock,
    suspect,
    checked: (row: number) => vi.waitFor(() => expect(columns.suspected[row]).toBe(0)),
    [Symbol.asyncDispose]: () => confirmation[Symbol.asyncDispose](),
  }
}

const failed: Result = { passed: false, reason: 'no response' }

test('a backend whose requests fail is ejected only if a check fails, too', async () => {
  await using all = start(failed)
  all.suspect(0)
  expect(all.eligible()).toEqual([0, 1])
  await vi.waitFor(() => expect(all.eligible()).toEqual([1]))
  expect(all.made).toEqual(['http://b0:80'])
})

test('a backend that responds stays, and its failures are forgotten', async () => {
  await using all = start({ passed: true })
  all.suspect(0)
  await all.checked(0)
  expect(all.eligible()).toEqual([0, 1])
  expect(all.health.columns.failures[0]).toBe(0)
})

test.for([
  ['for a lack of this host', { ours: true }],
  ['since the name of the backend has no known address', { unresolved: true }],
] as const)('a check that fails %s ejects nothing', async ([, fault]) => {
  await using all = start({ ...failed, ...fault })
  all.suspect(0)
  await all.checked(0)
  expect(all.made).toHaveLength(1)
  expect(all.eligible()).toEqual([0, 1])
})

test('whatever clients provoke, a backend is checked once a second at most', async () => {
  await using all = start({ passed: true })
  all.suspect(0)
  await all.checked(0)
  all.suspect(0)
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(all.made).toHaveLength(1)
  all.clock.now = 1
  await all.checked(0)
  expect(all.made).toHaveLength(2)
})

test('a response that comes meanwhile needs no check', async () => {
  await using all = start(failed)
  all.suspect(0)
  all.respond(0)
  await all.checked(0)
  expect(all.made).toEqual([])
  expect(all.eligible()).toEqual([0, 1])
})

test('a backend that may not be ejected is not checked', async () => {
  await using all = start(failed, { maxEjectedShare: 0 })
  all.suspect(0)
  await all.checked(0)
  expect(all.made).toEqual([])
})

test('failures to connect eject at once: no request can provoke them', async () => {
  await using all = start({ passed: true })
  all.fail(0, 3)
  expect(all.eligible()).toEqual([1])
  expect(all.made).toEqual([])
})

test('a check that ends after its backend was replaced changes nothing', async () => {
  const { promise, resolve } = Promise.withResolvers<Result>()
  const fixture = healthFixture({ weights: [1, 1], settings: { passive: { failures: 1 } } })
  const probe = vi.fn(() => promise)
  await using _ = confirmEjections({
    health: fixture.health,
    prober: { probe, close: async () => undefined },
    now: () => 0,
  })
  fixture.passive.recordFailure(0, 0, 'exchange')
  await vi.waitFor(() => expect(probe).toHaveBeenCalledOnce())
  fixture.changes.remove('b0:80')
  fixture.changes.add({ url: 'http://b2:80', weight: 1 })
  resolve(failed)
  await promise
  await Promise.resolve()
  expect(fixture.eligible()).toEqual([0, 1])
})
