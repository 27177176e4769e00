import { expect, test } from 'vitest'
import {
  averageCells,
  latencyAverages,
  latencyOf,
  takeIn,
} from '../../../src/algorithms/parts/latency-averages.ts'

function averages(options: { decay?: number; least?: number; peak?: boolean } = {}) {
  const cells = averageCells(2)
  const shared = { ints: new Int32Array(cells.ints), floats: new Float64Array(cells.floats) }
  const averages = latencyAverages(shared, { decay: 10, least: 0, peak: true, ...options })
  return {
    fold: (row: number, seconds: number, now: number) => takeIn(averages, row, { seconds, now }),
    read: (row: number, now: number) => latencyOf(averages, row, now),
  }
}

test('jumps to a peak at any time', () => {
  const { fold, read } = averages()
  fold(0, 0.1, 0)
  fold(0, 0.15, 30)
  expect(read(0, 30)).toBe(0.15)
  // linkerd, ewma tests: 1 and then a peak of 2 is 2.
  fold(1, 1, 0)
  fold(1, 2, 0)
  expect(read(1, 0)).toBe(2)
})

test.for([
  [1, 0.0914354],
  [10, 0.0431091],
])('comes down from 100 ms towards a sample of 10 ms after %i s to %f s', ([after = 0, left]) => {
  const { fold, read } = averages()
  fold(0, 0.1, 0)
  fold(0, 0.01, after)
  expect(read(0, after)).toBeCloseTo(left as number, 7)
})

test('decays while nothing comes, without being changed by reading', () => {
  const { fold, read } = averages()
  fold(0, 1, 0)
  for (let second = 0; second < 10; second++) read(0, second)
  // linkerd, ewma tests: after one time constant.
  expect(read(0, 10)).toBe(0.36787944117144233)
})

test('a lower sample at or before the time of the last one is ignored where only time makes weight', () => {
  const { fold, read } = averages()
  fold(0, 1, 5)
  fold(0, 0.1, 5)
  fold(0, 0.1, 3)
  expect(read(0, 5)).toBe(1)
})

test('takes the first sample whole, and 5 % of the next where that is the least', () => {
  // nginx: 0.05 of 200 and 0.95 of 100.
  const { fold, read } = averages({ least: 0.05, peak: false })
  fold(0, 0.1, 0)
  fold(0, 0.2, 0)
  expect(read(0, 0)).toBeCloseTo(0.105, 12)
})

test('has no average before the first answer, and one after an answer faster than the clock', () => {
  const { fold, read } = averages()
  expect(read(0, 0)).toBe(0)
  fold(0, 0, 0)
  expect(read(0, 0)).toBeGreaterThan(0)
})

test('keeps the backends apart', () => {
  const { fold, read } = averages()
  fold(0, 1, 0)
  expect(read(1, 0)).toBe(0)
})
