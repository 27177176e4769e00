import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ActiveSettings } from '../../../src/balancer/config/health-settings.ts'
import { type ActiveChecks, activeChecks } from '../../../src/balancer/health/active-checks.ts'
import { seeded } from '../../../src/kit/random.ts'
import { type Ward, ward } from '../support/ward.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 }))
afterEach(() => void vi.useRealTimers())

const active = { interval: 10, rise: 2, fall: 3 }

/** Backends that pass their checks unless they are in `broken`, and when which of them was checked. */
function checked(weights: readonly number[], { spare = 0, passive = {} } = {}) {
  const w = ward({ weights, spare, settings: { active, passive } })
  const broken = new Set<string>()
  const asked: [seconds: number, id: string][] = []
  const now = () => Date.now() / 1000
  const checks = activeChecks({
    health: w.health,
    settings: w.health.settings.active as ActiveSettings,
    prober: {
      async probe(url) {
        asked.push([now(), url.slice(7)])
        return broken.has(url.slice(7)) ? { passed: false, why: 'broken' } : { passed: true }
      },
      close: async () => undefined,
    },
    random: seeded(7),
    now,
  })
  return { w, checks, broken, asked }
}

async function seconds(w: Ward, count: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(count * 1000)
  w.now += count
}

test('first checks are spread over one interval, and each comes back every interval', async () => {
  const { w, asked } = checked([1, 1, 1, 1])
  await seconds(w, 10)
  const first = asked.map(([at]) => at)
  expect(asked.map(([, id]) => id).sort()).toEqual(['b0:80', 'b1:80', 'b2:80', 'b3:80'])
  expect(new Set(first).size).toBe(4)
  await seconds(w, 10)
  expect(asked.slice(4).map(([at]) => Math.round(at * 1000))).toEqual(
    first.map((at) => Math.round((at + 10) * 1000)),
  )
})

test('the same seed spreads the first checks the same way', async () => {
  const one = checked([1, 1, 1])
  await seconds(one.w, 10)
  vi.setSystemTime(0)
  vi.clearAllTimers()
  const other = checked([1, 1, 1])
  await seconds(other.w, 10)
  expect(other.asked).toEqual(one.asked)
})

test('failed checks take a backend out, and passed ones bring it back', async () => {
  const { w, checks, broken } = checked([1, 1])
  await seconds(w, 10)
  broken.add('b0:80')
  await seconds(w, 20)
  expect(w.eligible()).toEqual([0, 1])
  expect(checks.why(0)).toBe('broken')
  await seconds(w, 10)
  expect(w.eligible()).toEqual([1])
  broken.delete('b0:80')
  await seconds(w, 10)
  expect(w.eligible()).toEqual([1])
  await seconds(w, 10)
  expect(w.eligible()).toEqual([0, 1])
  expect(checks.why(0)).toBeUndefined()
})

test('the first check alone takes out a backend that was dead at the start', async () => {
  const { w, broken } = checked([1, 1])
  expect(w.eligible()).toEqual([0, 1])
  broken.add('b0:80')
  await seconds(w, 10)
  expect(w.eligible()).toEqual([1])
})

test('a backend that was found back has a clean record', async () => {
  const { w, broken } = checked([1, 1], { passive: { failures: 2, ejection: 1000 } })
  broken.add('b0:80')
  await seconds(w, 10)
  w.fail(0, 2)
  expect(w.health.columns.ejected[0]).toBe(1)
  broken.delete('b0:80')
  await seconds(w, 20)
  expect(w.eligible()).toEqual([0, 1])
  w.fail(0)
  expect(w.eligible()).toEqual([0, 1])
})

test('who joins is checked at once and must pass; who leaves is checked no more', async () => {
  const { w, checks, asked } = checked([1], { spare: 1 })
  w.changes.add({ url: 'http://new:80', weight: 1 })
  checks.sync()
  expect(w.eligible()).toEqual([0])
  expect(checks.why(1)).toBe('not checked yet')
  await vi.advanceTimersByTimeAsync(0)
  expect(w.eligible()).toEqual([0, 1])
  w.changes.remove('new:80')
  checks.sync()
  await seconds(w, 100)
  expect(asked.filter(([, id]) => id === 'new:80')).toEqual([[0, 'new:80']])
})

test('what comes of a check after its backend left is not put down to the next in its row', async () => {
  const { w, checks, asked } = await slow()
  w.changes.remove('b0:80')
  w.changes.add({ url: 'http://new:80', weight: 1 })
  checks.sync()
  asked[0]?.({ passed: false, why: 'too late' })
  await vi.advanceTimersByTimeAsync(0)
  expect(checks.why(0)).toBe('not checked yet')
})

/** One backend whose first check is under way, and what to answer it with. */
async function slow() {
  const w = ward({ weights: [1], settings: { active } })
  const asked: ((probed: { passed: false; why: string }) => void)[] = []
  const checks: ActiveChecks = activeChecks({
    health: w.health,
    settings: w.health.settings.active as ActiveSettings,
    prober: {
      probe: () => new Promise((answer) => asked.push(answer)),
      close: async () => undefined,
    },
    random: seeded(7),
    now: () => Date.now() / 1000,
  })
  await seconds(w, 10)
  expect(asked).toHaveLength(1)
  return { w, checks, asked }
}

test('no check is made any more once checks are closed', async () => {
  const { w, checks, asked } = checked([1, 1])
  await seconds(w, 10)
  const before = asked.length
  await checks[Symbol.asyncDispose]()
  await seconds(w, 100)
  expect(asked).toHaveLength(before)
})
