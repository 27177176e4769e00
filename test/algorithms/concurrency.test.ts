import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { algorithms } from '../../src/algorithms/index.ts'
import { leastConnections } from '../../src/algorithms/least-connections.ts'
import {
  latencyAverages,
  latencyOf,
  recordSample,
} from '../../src/algorithms/parts/latency-averages.ts'
import { settingsOf } from '../../src/algorithms/parts/settings-of.ts'
import { roundRobin } from '../../src/algorithms/round-robin.ts'
import { weighted } from '../../src/algorithms/weighted.ts'
import { seeded } from '../../src/kit/random.ts'
import { dieWithTheLock, pickInWorkers, sharedSet } from '../support/algorithms/pick-in-workers.ts'

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

test('round robin is exact over three workers', async () => {
  const set = sharedSet(roundRobin, [1, 1, 1, 1])
  const { picked } = await pickInWorkers(set, { workers: 3, requests: 400_000 })
  expect(picked).toEqual(Array(4).fill(300_000))
})

test('smooth weighted round robin is exact over three workers', async () => {
  const set = sharedSet(weighted, [5, 1, 1])
  const { picked } = await pickInWorkers(set, { workers: 3, requests: 350_000 })
  expect(picked).toEqual([750_000, 150_000, 150_000])
})

test('workers see the requests in flight of the others', async () => {
  const set = sharedSet(leastConnections, [1, 1, 1])
  set.table.inFlight[1] = 100
  const { picked } = await pickInWorkers(set, { workers: 2, requests: 1000 })
  expect(picked[1]).toBe(0)
})

test('an average has every sample that two workers record at the same time', async () => {
  const ints = (count: number) => new Int32Array(new SharedArrayBuffer(4 * count))
  const shared = { ints: ints(1), floats: new Float64Array(new SharedArrayBuffer(16)) }
  const averages = latencyAverages(shared, { decay: 1, minWeight: 1e-6, peak: false })
  recordSample(averages, 0, { seconds: 1, now: 0 })
  const gate = ints(1)
  gate[0] = 2
  const url = new URL('../support/algorithms/folding-worker.ts', import.meta.url)
  const workerData = { averages, answers: 300_000, gate }
  const workers = [new Worker(url, { workerData }), new Worker(url, { workerData })]
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  // Each sample of 2 s reduces the weight of the first, of 1 s, by a millionth.
  expect(2 - latencyOf(averages, 0, 0)).toBeCloseTo((1 - 1e-6) ** 600_000, 9)
})

test('a worker that dies during a pick does not block the others', async () => {
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
