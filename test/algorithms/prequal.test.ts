import { expect, test } from 'vitest'
import { prequal } from '../../src/algorithms/prequal.ts'
import { chiSquare, countPicks } from '../support/algorithms/count-picks.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'
import { shareOfSlowBackend, slowPeriod } from '../support/algorithms/share-of-slow-backend.ts'

const rows = 16

/**
 * Sixteen backends, of which the first has 9 requests in flight and the others 1. The latency of one
 * request is 10 ms, except for `seconds`. 200 picks fill the window of recent samples.
 */
function prequalUnderLoad({
  seconds = {},
  ...settings
}: {
  seconds?: Record<number, number>
  quantile?: number
}) {
  const inFlight = Array.from({ length: rows }, (_, row) => (row === 0 ? 9 : 1))
  const work = pickerHarness(prequal, { weights: Array(rows).fill(1), inFlight, settings })
  inFlight.forEach((requests, row) => {
    work.picker.recordLatency?.(row, (seconds[row] ?? 0.01) * requests, 0)
  })
  work.picks(200)
  return work
}

test('a hot backend is not picked, however fast it is', () => {
  // One in 16 probes finds it, and the busiest 16 in 100 are hot.
  expect(countPicks(prequalUnderLoad({ seconds: { 0: 1e-5 } }).picks(200), rows)[0]).toBe(0)
})

test('picks the fastest of the cold backends', () => {
  expect(prequalUnderLoad({ seconds: { 0: 1e-5, 5: 0.009 } }).picks(50)).toEqual(Array(50).fill(5))
})

test('picks the one with the fewest in flight when all are hot', () => {
  const { table, pick } = prequalUnderLoad({ seconds: { 7: 1e-5 } })
  for (let row = 0; row < rows; row++) table.inFlight[row] = 10 + row
  table.inFlight[2] = 8
  expect(pick()).toBe(2)
})

test('with the highest quantile no backend is hot: only latency counts', () => {
  expect(prequalUnderLoad({ seconds: { 0: 1e-5 }, quantile: 1 }).pick()).toBe(0)
})

test('with the lowest quantile only backends with the fewest in flight are cold', () => {
  const { table, pick } = prequalUnderLoad({ seconds: { 0: 1e-5, 3: 0.009 }, quantile: 0 })
  expect(pick()).toBe(3)
  table.inFlight[3] = 2
  expect(pick()).not.toBe(3)
})

test('scales the latency by the requests that a backend had and would have', () => {
  const { table, picker, pick } = pickerHarness(prequal, {
    weights: [1, 1],
    inFlight: [4, 1],
    settings: { quantile: 1 },
  })
  picker.recordLatency?.(0, 0.04, 0)
  picker.recordLatency?.(1, 0.03, 0)
  pick()
  // 10 ms for each of five against 30 ms for each of two.
  expect(pick()).toBe(0)
  table.inFlight[0] = 5
  table.inFlight[1] = 0
  expect(pick()).toBe(1)
})

test('draws `choices` backends, each equally likely', () => {
  const weights = Array(40).fill(1)
  const { picks } = pickerHarness(prequal, { weights, settings: { choices: 2 } })
  // Nobody ever answered or has a request: the first drawn is taken. χ² with 39 degrees of freedom
  // exceeds 72.1 once in 1,000 seeds.
  expect(chiSquare(countPicks(picks(40_000), 40), weights)).toBeLessThan(72.1)
})

test('a backend without history does not get all requests', () => {
  const inFlight = Array.from({ length: rows }, (_, row) => (row === 0 ? 0 : 5))
  const { table, picker, pick } = pickerHarness(prequal, { weights: Array(rows).fill(1), inFlight })
  for (let row = 1; row < rows; row++) picker.recordLatency?.(row, 0.01, 0)
  for (let request = 0; request < 100; request++) {
    if (pick() === 0) table.inFlight[0] = (table.inFlight[0] ?? 0) + 1
  }
  // With one more than the others it is hot.
  expect(table.inFlight[0]).toBe(6)
})

test('avoids a slow backend, and gives it its share within twice the decay after it recovers', () => {
  expect(shareOfSlowBackend(prequal, slowPeriod.from + 0.5, slowPeriod.to)).toBeLessThan(0.05)
  // 10,000 requests: four standard deviations of a quarter are 0.017.
  expect(shareOfSlowBackend(prequal, slowPeriod.to + 2, slowPeriod.to + 7)).toBeGreaterThan(0.233)
})
