import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { consistentHash } from '../../../src/algorithms/consistent-hash.ts'
import { settingsOf } from '../../../src/algorithms/parts/settings-of.ts'
import { type BackendSet, backendSet } from '../../../src/balancer/health/backend-set.ts'
import { type Ward, ward } from '../support/ward.ts'
import type { Claimed, ClaimerOptions } from './threads/claimer.ts'
import type { FailerOptions } from './threads/failer.ts'

const choice = { key: 'k', now: 0, tried: undefined }

function rosterOf(w: Ward, changed: (row: number) => void = () => undefined): BackendSet {
  return backendSet({
    ...w.memory,
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
  const w = ward({ weights: [1, 1], algorithm: consistentHash })
  const row = rosterOf(w).claim(choice)
  expect(w.table.inFlight[row]).toBe(1)
  expect(w.table.inFlight[1 - row]).toBe(0)
})

test('nobody is claimed when nobody is eligible, and nothing is left in flight', () => {
  const w = ward({ weights: [1, 1], algorithm: consistentHash })
  w.changes.drain('b0:80')
  w.changes.drain('b1:80')
  expect(rosterOf(w).claim(choice)).toBe(-1)
  expect([...w.table.inFlight]).toEqual([0, 0])
})

test('the next claim after a change works with the new set', () => {
  const w = ward({ weights: [1], spare: 1, algorithm: consistentHash })
  const changed: number[] = []
  const r = rosterOf(w, (row) => changed.push(row))
  expect(r.claim(choice)).toBe(0)
  w.changes.add({ url: 'http://new:80', weight: 1 })
  w.changes.drain('b0:80')
  // A ring that was made before the backend joined has no place for it.
  expect(r.claim(choice)).toBe(1)
  expect(r.byRow[1]).toMatchObject({ host: 'new', port: 80, id: 'new:80' })
  expect(changed).toEqual([1])
})

test('who is pooled by row is told when another backend has the row', () => {
  const w = ward({ weights: [1, 1], algorithm: consistentHash })
  const changed: number[] = []
  const r = rosterOf(w, (row) => changed.push(row))
  w.changes.setWeight('b1:80', 2)
  r.claim(choice)
  expect(changed).toEqual([])
  w.table.inFlight.fill(0)
  w.changes.remove('b0:80')
  r.claim(choice)
  w.changes.add({ url: 'http://new:80', weight: 1 })
  r.claim(choice)
  expect(changed).toEqual([0, 0])
})

test('a weight that changes makes a new picker from it', () => {
  const w = ward({ weights: [1, 1], algorithm: consistentHash })
  const r = rosterOf(w)
  const shareOfFirst = () => {
    let count = 0
    for (let key = 0; key < 2000; key++) {
      if (r.claim({ ...choice, key: `${key}` }) === 0) count++
    }
    return count / 2000
  }
  const even = shareOfFirst()
  w.changes.setWeight('b0:80', 9)
  // 90 % of the ring, give or take what 160 points a unit leave uneven: far beyond a half.
  expect(even).toBeLessThan(0.7)
  expect(shareOfFirst()).toBeGreaterThan(0.8)
})

test('two threads never send to a backend that is not in the row they claimed', async () => {
  const w = ward({ weights: [1, 1, 1], spare: 1 })
  const shared = new SharedArrayBuffer(12)
  const cells = new Int32Array(shared)
  const threads = [1, 2].map((mine) => {
    const workerData: ClaimerOptions = { ...w.memory, cells: shared, mine }
    return new Worker(new URL('./threads/claimer.ts', import.meta.url), { workerData })
  })
  await Promise.all(threads.map((thread) => once(thread, 'message')))
  const claimed = threads.map((thread) => once(thread, 'message') as Promise<[Claimed]>)
  // Backends come and go, and their rows are given to others, as fast as rows become free.
  for (let name = 0; Math.min(cells[1] as number, cells[2] as number) < 200; name++) {
    const joined = `x${name % 500}:80`
    try {
      w.changes.add({ url: `http://${joined}`, weight: 1 })
      w.changes.remove(joined)
    } catch (error) {
      expect(error).toMatchObject({ code: 'LB_CHANGE' })
    }
  }
  Atomics.store(cells, 0, 1)
  for (const [{ claims, wrong }] of await Promise.all(claimed)) {
    expect(claims).toBeGreaterThan(0)
    expect(wrong).toBe(0)
  }
  expect([...w.table.inFlight]).toEqual([0, 0, 0, 0])
})

test('failures that two threads see add up to one ejection', async () => {
  const settings = { passive: { failures: 10_000, ejection: 10 } }
  const w = ward({ weights: [1, 1], settings })
  const fail = async (times: number) => {
    const options: FailerOptions = { ...w.memory, settings: w.health.settings, row: 1, times }
    const workerData = { ...options }
    const thread = new Worker(new URL('./threads/failer.ts', import.meta.url), { workerData })
    await once(thread, 'message')
  }
  await Promise.all([fail(5000), fail(4999)])
  expect(w.eligible()).toEqual([0, 1])
  w.fail(1)
  expect(w.eligible()).toEqual([0])
  await Promise.all([fail(20_000), fail(20_000)])
  expect(w.health.columns.ejections[1]).toBe(1)
})
