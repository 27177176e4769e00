import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { consistentHash } from '../../../src/algorithms/consistent-hash.ts'
import { settingsOf } from '../../../src/algorithms/parts/settings-of.ts'
import { weightedRandom } from '../../../src/algorithms/weighted-random.ts'
import { type BackendSet, backendSet } from '../../../src/balancer/health/backend-set.ts'
import { type HealthFixture, healthFixture } from '../support/health-fixture.ts'
import type { Claimed, ClaimerOptions } from './threads/claimer.ts'
import type { FailerOptions } from './threads/failer.ts'

const choice = { key: 'k', now: 0, tried: undefined }

function setOf(
  fixture: HealthFixture,
  changed: (row: number) => void = () => undefined,
): BackendSet {
  return backendSet({
    ...fixture.memory,
    onBackendChanged: changed,
    makePicker: (table, shared) =>
      consistentHash.picker(table, {
        random: () => 0,
        shared,
        settings: settingsOf(consistentHash),
      }),
  })
}

test('a claim counts the request in flight', () => {
  const fixture = healthFixture({ weights: [1, 1], algorithm: consistentHash })
  const row = setOf(fixture).claim(choice)
  expect(fixture.table.inFlight[row]).toBe(1)
  expect(fixture.table.inFlight[1 - row]).toBe(0)
})

test('without an eligible backend a claim returns −1 and leaves nothing in flight', () => {
  const fixture = healthFixture({ weights: [1, 1], algorithm: consistentHash })
  fixture.changes.drain('b0:80')
  fixture.changes.drain('b1:80')
  expect(setOf(fixture).claim(choice)).toBe(-1)
  expect([...fixture.table.inFlight]).toEqual([0, 0])
})

test('the next claim after a change uses the new set', () => {
  const fixture = healthFixture({ weights: [1], spare: 1, algorithm: consistentHash })
  const changed: number[] = []
  const backends = setOf(fixture, (row) => changed.push(row))
  expect(backends.claim(choice)).toBe(0)
  fixture.changes.add({ url: 'http://new:80', weight: 1 })
  fixture.changes.drain('b0:80')
  // A ring that was made before the backend was added has no point for it.
  expect(backends.claim(choice)).toBe(1)
  expect(backends.byRow[1]).toMatchObject({ host: 'new', port: 80, id: 'new:80' })
  expect(changed).toEqual([1])
})

test('a picker with an index is told of backends that are drained, and that return', () => {
  const fixture = healthFixture({ weights: Array(70).fill(1), algorithm: weightedRandom })
  let told = 0
  const backends = backendSet({
    ...fixture.memory,
    onBackendChanged: () => undefined,
    makePicker(table, shared) {
      const picker = weightedRandom.picker(table, {
        ...{ random: () => 0, shared, settings: {}, told: 'eligibility' },
      })
      return {
        ...picker,
        changed(row) {
          told++
          picker.changed?.(row)
        },
      }
    },
  })
  expect(backends.claim(choice)).toBe(0)
  expect(told).toBe(0)
  fixture.changes.drain('b0:80')
  expect([backends.claim(choice), backends.claim(choice)]).toEqual([1, 1])
  expect(told).toBe(70)
  fixture.changes.undrain('b0:80')
  expect(backends.claim(choice)).toBe(0)
})

test('onBackendChanged is called when another backend has the row', () => {
  const fixture = healthFixture({ weights: [1, 1], algorithm: consistentHash })
  const changed: number[] = []
  const backends = setOf(fixture, (row) => changed.push(row))
  fixture.changes.setWeight('b1:80', 2)
  backends.claim(choice)
  expect(changed).toEqual([])
  fixture.table.inFlight.fill(0)
  fixture.changes.remove('b0:80')
  backends.claim(choice)
  fixture.changes.add({ url: 'http://new:80', weight: 1 })
  backends.claim(choice)
  expect(changed).toEqual([0, 0])
})

test('a weight that changes makes a new picker from it', () => {
  const fixture = healthFixture({ weights: [1, 1], algorithm: consistentHash })
  const backends = setOf(fixture)
  const shareOfFirst = () => {
    let count = 0
    for (let key = 0; key < 2000; key++) {
      if (backends.claim({ ...choice, key: `${key}` }) === 0) count++
    }
    return count / 2000
  }
  const even = shareOfFirst()
  fixture.changes.setWeight('b0:80', 9)
  // 90 % of the ring, give or take what 160 points a unit leave uneven: far beyond a half.
  expect(even).toBeLessThan(0.7)
  expect(shareOfFirst()).toBeGreaterThan(0.8)
})

test('two threads never send to a backend that is not in the row they claimed', async () => {
  const fixture = healthFixture({ weights: [1, 1, 1], spare: 1 })
  const shared = new SharedArrayBuffer(12)
  const cells = new Int32Array(shared)
  const threads = [1, 2].map((mine) => {
    const workerData: ClaimerOptions = { ...fixture.memory, cells: shared, mine }
    return new Worker(new URL('./threads/claimer.ts', import.meta.url), { workerData })
  })
  await Promise.all(threads.map((thread) => once(thread, 'message')))
  const claimed = threads.map((thread) => once(thread, 'message') as Promise<[Claimed]>)
  // Backends are added and removed as fast as rows become free, so that rows are reused.
  for (let name = 0; Math.min(cells[1] as number, cells[2] as number) < 200; name++) {
    const joined = `x${name % 500}:80`
    try {
      fixture.changes.add({ url: `http://${joined}`, weight: 1 })
      fixture.changes.remove(joined)
    } catch (error) {
      expect(error).toMatchObject({ code: 'LB_CHANGE' })
    }
  }
  Atomics.store(cells, 0, 1)
  for (const [{ claims, wrong }] of await Promise.all(claimed)) {
    expect(claims).toBeGreaterThan(0)
    expect(wrong).toBe(0)
  }
  expect([...fixture.table.inFlight]).toEqual([0, 0, 0, 0])
})

test('failures that two threads see add up to one ejection', async () => {
  const settings = { passive: { failures: 10_000, ejection: 10 } }
  const fixture = healthFixture({ weights: [1, 1], settings })
  const fail = async (times: number) => {
    const options: FailerOptions = {
      ...fixture.memory,
      settings: fixture.health.settings,
      row: 1,
      times,
    }
    const workerData = { ...options }
    const thread = new Worker(new URL('./threads/failer.ts', import.meta.url), { workerData })
    await once(thread, 'message')
  }
  await Promise.all([fail(5000), fail(4999)])
  expect(fixture.eligible()).toEqual([0, 1])
  fixture.fail(1)
  expect(fixture.eligible()).toEqual([0])
  await Promise.all([fail(20_000), fail(20_000)])
  expect(fixture.health.columns.ejections[1]).toBe(1)
})
