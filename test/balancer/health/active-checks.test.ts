import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ActiveSettings } from '../../../src/balancer/config/health-settings.ts'
import { type ActiveChecks, activeChecks } from '../../../src/balancer/health/active-checks.ts'
import { seeded } from '../../../src/kit/random.ts'
import { type HealthFixture, healthFixture } from '../support/health-fixture.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 }))
afterEach(() => void vi.useRealTimers())

const active = { interval: 10, rise: 2, fall: 3 }

/** Backends that pass their checks unless they are in `broken`, and the time of each check. */
function startChecks(weights: readonly number[], { spare = 0, passive = {} } = {}) {
  const fixture = healthFixture({ weights, spare, settings: { active, passive } })
  const broken = new Set<string>()
  const made: [seconds: number, id: string][] = []
  const now = () => Date.now() / 1000
  const checks = activeChecks({
    health: fixture.health,
    settings: fixture.health.settings.active as ActiveSettings,
    prober: {
      async probe(url) {
        made.push([now(), url.slice(7)])
        return broken.has(url.slice(7)) ? { passed: false, reason: 'broken' } : { passed: true }
      },
      close: async () => undefined,
    },
    random: seeded(7),
    now,
  })
  return { fixture, checks, broken, made }
}

async function seconds(fixture: HealthFixture, count: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(count * 1000)
  fixture.now += count
}

test('first checks are spread over one interval, and repeat every interval', async () => {
  const { fixture, made } = startChecks([1, 1, 1, 1])
  await seconds(fixture, 10)
  const first = made.map(([at]) => at)
  expect(made.map(([, id]) => id).sort()).toEqual(['b0:80', 'b1:80', 'b2:80', 'b3:80'])
  expect(new Set(first).size).toBe(4)
  await seconds(fixture, 10)
  expect(made.slice(4).map(([at]) => Math.round(at * 1000))).toEqual(
    first.map((at) => Math.round((at + 10) * 1000)),
  )
})

test('the same seed spreads the first checks the same way', async () => {
  const one = startChecks([1, 1, 1])
  await seconds(one.fixture, 10)
  vi.setSystemTime(0)
  vi.clearAllTimers()
  const other = startChecks([1, 1, 1])
  await seconds(other.fixture, 10)
  expect(other.made).toEqual(one.made)
})

test('`fall` failed checks take a backend down, `rise` passed ones bring it up', async () => {
  const { fixture, checks, broken } = startChecks([1, 1])
  await seconds(fixture, 10)
  broken.add('b0:80')
  await seconds(fixture, 20)
  expect(fixture.eligible()).toEqual([0, 1])
  expect(checks.failureReason(0)).toBe('broken')
  await seconds(fixture, 10)
  expect(fixture.eligible()).toEqual([1])
  broken.delete('b0:80')
  await seconds(fixture, 10)
  expect(fixture.eligible()).toEqual([1])
  await seconds(fixture, 10)
  expect(fixture.eligible()).toEqual([0, 1])
  expect(checks.failureReason(0)).toBeUndefined()
})

test('the first failed check takes down a backend that was dead at the start', async () => {
  const { fixture, broken } = startChecks([1, 1])
  expect(fixture.eligible()).toEqual([0, 1])
  broken.add('b0:80')
  await seconds(fixture, 10)
  expect(fixture.eligible()).toEqual([1])
})

test('when a backend is up again, its failures and ejection are cleared', async () => {
  const { fixture, broken } = startChecks([1, 1], { passive: { failures: 2, ejection: 1000 } })
  broken.add('b0:80')
  await seconds(fixture, 10)
  fixture.fail(0, 2)
  expect(fixture.health.columns.ejected[0]).toBe(1)
  broken.delete('b0:80')
  await seconds(fixture, 20)
  expect(fixture.eligible()).toEqual([0, 1])
  fixture.fail(0)
  expect(fixture.eligible()).toEqual([0, 1])
})

test('an added backend is checked at once and must pass; a removed one is not checked any more', async () => {
  const { fixture, checks, made } = startChecks([1], { spare: 1 })
  fixture.changes.add({ url: 'http://new:80', weight: 1 })
  checks.sync()
  expect(fixture.eligible()).toEqual([0])
  expect(checks.failureReason(1)).toBe('not checked yet')
  await vi.advanceTimersByTimeAsync(0)
  expect(fixture.eligible()).toEqual([0, 1])
  fixture.changes.remove('new:80')
  checks.sync()
  await seconds(fixture, 100)
  expect(made.filter(([, id]) => id === 'new:80')).toEqual([[0, 'new:80']])
})

test('the result of a check that ends after its backend was removed does not count for the next backend in the row', async () => {
  const { fixture, checks, pending } = await startSlowCheck()
  fixture.changes.remove('b0:80')
  fixture.changes.add({ url: 'http://new:80', weight: 1 })
  checks.sync()
  pending[0]?.({ passed: false, reason: 'too late' })
  await vi.advanceTimersByTimeAsync(0)
  expect(checks.failureReason(0)).toBe('not checked yet')
})

/** One backend whose first check is in progress, and the function that ends it. */
async function startSlowCheck() {
  const fixture = healthFixture({ weights: [1], settings: { active } })
  const pending: ((result: { passed: false; reason: string }) => void)[] = []
  const checks: ActiveChecks = activeChecks({
    health: fixture.health,
    settings: fixture.health.settings.active as ActiveSettings,
    prober: {
      probe: () => new Promise((resolve) => pending.push(resolve)),
      close: async () => undefined,
    },
    random: seeded(7),
    now: () => Date.now() / 1000,
  })
  await seconds(fixture, 10)
  expect(pending).toHaveLength(1)
  return { fixture, checks, pending }
}

test('no check is made after the checks are disposed', async () => {
  const { fixture, checks, made } = startChecks([1, 1])
  await seconds(fixture, 10)
  const before = made.length
  await checks[Symbol.asyncDispose]()
  await seconds(fixture, 100)
  expect(made).toHaveLength(before)
})
