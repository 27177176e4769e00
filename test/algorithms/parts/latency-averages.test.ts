import { expect, test } from 'vitest'
import {
  averageCells,
  latencyAverages,
  latencyOf,
  recordSample,
} from '../../../src/algorithms/parts/latency-averages.ts'

function averages(options: { decay?: number; minWeight?: number; peak?: boolean } = {}) {
  const cells = averageCells(2)
  const shared = { ints: new Int32Array(cells.ints), floats: new Float64Array(cells.floats) }
  const averages = latencyAverages(shared, { decay: 10, minWeight: 0, peak: true, ...options })
  return {
    record: (row: number, seconds: number, now: number) =>
      recordSample(averages, row, { seconds, now }),
    read: (row: number, now: number) => latencyOf(averages, row, now),
  }
}

test('jumps to a peak at any time', () => {
  const { record, read } = averages()
  record(0, 0.1, 0)
  record(0, 0.15, 30)
  expect(read(0, 30)).toBe(0.15)
  // linkerd, ewma tests: 1 and then a peak of 2 is 2.
  record(1, 1, 0)
  record(1, 2, 0)
  expect(read(1, 0)).toBe(2)
})

test.for([
  [1, 0.0914354],
  [10, 0.0431091],
])('falls from 100 ms towards a sample of 10 ms after %i s to %f s', ([after = 0, left]) => {
  const { record, read } = averages()
  record(0, 0.1, 0)
  record(0, 0.01, after)
  expect(read(0, after)).toBeCloseTo(left as number, 7)
})

test('decays without responses, and reading does not change it', () => {
  const { record, read } = averages()
  record(0, 1, 0)
  for (let second = 0; second < 10; second++) read(0, second)
  // linkerd, ewma tests: after one time constant.
  expect(read(0, 10)).toBe(0.36787944117144233)
})

test('with minWeight 0 a lower sample at or before the time of the last one is ignored', () => {
  const { record, read } = averages()
  record(0, 1, 5)
  record(0, 0.1, 5)
  record(0, 0.1, 3)
  expect(read(0, 5)).toBe(1)
})

test('the first sample has full weight, the next one minWeight', () => {
  // nginx: 0.05 of 200 and 0.95 of 100.
  const { record, read } = averages({ minWeight: 0.05, peak: false })
  record(0, 0.1, 0)
  record(0, 0.2, 0)
  expect(read(0, 0)).toBeCloseTo(0.105, 12)
})

test('the average is 0 before the first response, and above 0 after one faster than the clock', () => {
  const { record, read } = averages()
  expect(read(0, 0)).toBe(0)
  record(0, 0, 0)
  expect(read(0, 0)).toBeGreaterThan(0)
})

test('each backend has its own average', () => {
  const { record, read } = averages()
  record(0, 1, 0)
  expect(read(1, 0)).toBe(0)
})
