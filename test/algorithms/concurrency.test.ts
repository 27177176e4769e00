import { expect, test } from 'vitest'
import { algorithms } from '../../src/algorithms/index.ts'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import { peakEwma } from '../../src/algorithms/peak-ewma.ts'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import { settingsOf } from '../../src/algorithms/settings-of.ts'
import { weighted } from '../../src/algorithms/weighted.ts'
import { seeded } from '../../src/kit/random.ts'
import { dieWithTheLock, pickInWorkers, sharedSet } from '../support/in-workers.ts'

test.for(algorithms.map((algorithm) => [algorithm.name, algorithm] as const))(
  '%s loses no count between two workers, and none falls below 0',
  async ([, algorithm]) => {
    const set = sharedSet(algorithm, [5, 1, 1])
    const { picked, least } = await pickInWorkers(set, { workers: 2, requests: 10_000 })
    expect(picked.reduce((a, b) => a + b, 0)).toBe(20_000)
    expect(least).toBe(0)
    expect([...set.table.inFlight]).toEqual([0, 0, 0])
  },
)

test('round robin gives each its turn over three workers', async () => {
  const set = sharedSet(roundRobin, [1, 1, 1, 1])
  const { picked } = await pickInWorkers(set, { workers: 3, requests: 40_000 })
  expect(picked).toEqual(Array(4).fill(30_000))
})

test('smooth weighted round robin is exact over three workers', async () => {
  const set = sharedSet(weighted, [5, 1, 1])
  const { picked } = await pickInWorkers(set, { workers: 3, requests: 70_000 })
  expect(picked).toEqual([150_000, 30_000, 30_000])
})

test('workers see what the others have in flight', async () => {
  const set = sharedSet(leastConnections, [1, 1, 1])
  set.table.inFlight[1] = 100
  const { picked } = await pickInWorkers(set, { workers: 2, requests: 1000 })
  expect(picked[1]).toBe(0)
})

test('averages of answers that all take the same are whole, whoever writes them', async () => {
  const set = sharedSet(peakEwma, [1, 1])
  await pickInWorkers(set, { workers: 3, requests: 20_000 })
  // Each backend has its average and its time.
  const [one, , other] = set.shared.floats
  expect(one).toBeCloseTo(0.01, 12)
  expect(other).toBeCloseTo(0.01, 12)
})

test('a worker that dies in the middle of a pick does not stop the others', async () => {
  const set = sharedSet(weighted, [5, 1, 1])
  await dieWithTheLock(set)
  const picker = weighted.picker(set.table, {
    random: seeded(1),
    shared: set.shared,
    settings: settingsOf(weighted),
  })
  const picks = Array.from({ length: 7 }, () => picker.pick({ key: '', now: 0, tried: undefined }))
  expect(picks).toEqual([0, 0, 1, 0, 2, 0, 0])
})
