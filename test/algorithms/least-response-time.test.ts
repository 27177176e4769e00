import { expect, test } from 'vitest'
import { leastResponseTime } from '../../src/algorithms/least-response-time.ts'
import { leastTimeScore } from '../../src/algorithms/parts/least-time-score.ts'
import { countPicks } from '../support/algorithms/count-picks.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'
import { shareOfSlowBackend, slowPeriod } from '../support/algorithms/share-of-slow-backend.ts'

// nginx, ngx_http_upstream_least_time_eta.
test.for([
  [0, 0, 20],
  [0.019, 0, 20],
  [0.02, 0, 40],
  [0.1, 3, 480],
  [5, 0, 5020],
  [5.001, 0, 5000],
  [60, 2, 15_000],
] as const)('%f s with %i in flight scores %i', ([seconds, inFlight, score]) => {
  expect(leastTimeScore(seconds, inFlight)).toBe(score)
})

test('picks the one with the shortest estimated time', () => {
  const { table, picker, pick } = pickerHarness(leastResponseTime, { weights: [1, 1] })
  picker.recordLatency?.(0, 0.1, 0)
  picker.recordLatency?.(1, 0.05, 0)
  expect(pick()).toBe(1)
  // 60 × 3 against 120 × 1.
  table.inFlight[1] = 2
  expect(pick()).toBe(0)
})

test('divides the time by the weight', () => {
  const { picker, picks } = pickerHarness(leastResponseTime, { weights: [1, 3] })
  picker.recordLatency?.(0, 0.025, 0)
  picker.recordLatency?.(1, 0.1, 0)
  // 40 ÷ 1 against 120 ÷ 3 is a tie, which goes by weight.
  expect(countPicks(picks(400), 2)).toEqual([100, 300])
})

test('latencies within 20 ms of each other take turns', () => {
  const { picker, picks } = pickerHarness(leastResponseTime, { weights: [1, 1, 1] })
  picker.recordLatency?.(0, 0.003, 0)
  picker.recordLatency?.(1, 0.018, 0)
  picker.recordLatency?.(2, 0.021, 0)
  expect(picks(6)).toEqual([0, 1, 0, 1, 0, 1])
})

test('a backend without history does not get all requests', () => {
  const { table, picker, pick } = pickerHarness(leastResponseTime, { weights: [1, 1] })
  picker.recordLatency?.(0, 0.03, 0)
  for (let request = 0; request < 60; request++) {
    const row = pick()
    table.inFlight[row] = (table.inFlight[row] ?? 0) + 1
  }
  // 40 (1 + a) and 20 (1 + b) come out even with twice as many at the new one, give or take one.
  expect(Math.abs((table.inFlight[1] ?? 0) - 40)).toBeLessThanOrEqual(1)
})

test('an idle average decays', () => {
  const { picker, pick } = pickerHarness(leastResponseTime, { weights: [1, 1], inFlight: [0, 2] })
  picker.recordLatency?.(0, 0.1, 0)
  expect(pick({ now: 0 })).toBe(1)
  // 100 ms · e^−1 = 37 ms: 40 × 1 against 20 × 3.
  expect(pick({ now: 10 })).toBe(0)
})

test('avoids a slow backend, and gives it its share within twice the decay after it recovers', () => {
  expect(shareOfSlowBackend(leastResponseTime, slowPeriod.from + 0.5, slowPeriod.to)).toBeLessThan(
    0.05,
  )
  // 10,000 requests: four standard deviations of a quarter are 0.017.
  expect(
    shareOfSlowBackend(leastResponseTime, slowPeriod.to + 2, slowPeriod.to + 7),
  ).toBeGreaterThan(0.233)
})
