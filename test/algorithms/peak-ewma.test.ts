import { expect, test } from 'vitest'
import { peakEwma, peakEwmaLoad } from '../../src/algorithms/peak-ewma.ts'
import { seeded } from '../../src/kit/random.ts'
import { countPicks } from '../support/algorithms/count-picks.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'
import { parallel, simulate } from '../support/algorithms/queue-simulation.ts'
import { shareOfSlowBackend, slowPeriod } from '../support/algorithms/share-of-slow-backend.ts'

// Envoy, peak_ewma cost_test.cc, in its milliseconds.
test.for([
  [20, 5, 0, 1e6, 120],
  [30, 0, 0, 1e6, 30],
  [0, 3, 0, 1e6, 1_000_003],
  [0, 0, 10, 1e6, 10],
  [50, 2, 0, 1e6, 150],
  [0, 2, 0, 5e5, 500_002],
] as const)(
  'latency %f, %i in flight, initially %f, penalty %f: load %f',
  ([average, inFlight, initial, penalty, load]) => {
    expect(peakEwmaLoad(average, inFlight, { initial, penalty })).toBe(load)
  },
)

test('a backend without history gets one request until it responds', () => {
  const { table, picker, pick } = pickerHarness(peakEwma, {
    weights: [1, 1, 1],
    random: seeded(12_345),
  })
  for (const row of [0, 1]) picker.recordLatency?.(row, 0.01, 0)
  let probes = 0
  for (let request = 0; request < 1000; request++) {
    if (pick() !== 2) continue
    probes++
    table.inFlight[2] = (table.inFlight[2] as number) + 1
  }
  expect(probes).toBe(1)
  picker.recordLatency?.(2, 0.01, 0)
  table.inFlight[2] = 0
  expect(Array.from({ length: 50 }, () => pick())).toContain(2)
})

/** Finagle, P2CPeakEwmaTest: a request a tick to 100 backends that take 5 ticks, and to one more. */
function finagle(another: number): number[] {
  const counts = Array<number>(101).fill(0)
  const servers = [...Array(100).fill(parallel(5)), parallel(another)]
  const world = { servers, gap: () => 1, requests: 100_000, seed: 12_345, settings: { decay: 150 } }
  simulate(peakEwma, world, (row) => {
    counts[row] = (counts[row] ?? 0) + 1
  })
  return counts
}

test('equal backends get equal shares', () => {
  // 990 each, and if it were left to chance with a standard deviation of 31: four of them.
  for (const count of finagle(5)) expect(Math.abs(count - 990)).toBeLessThan(126)
})

test('a backend that is twice as slow gets half as many', () => {
  // Half of 990 with a standard deviation of at most 22: four of them.
  expect(Math.abs((finagle(10)[100] ?? 0) - 495)).toBeLessThan(89)
})

test('a backend that never responds gets one request', () => {
  expect(finagle(200_000)[100]).toBe(1)
})

test('avoids a slow backend, and gives it its share within twice the decay after it recovers', () => {
  expect(shareOfSlowBackend(peakEwma, slowPeriod.from + 0.5, slowPeriod.to)).toBeLessThan(0.05)
  // 10,000 requests: four standard deviations of a quarter are 0.017.
  expect(shareOfSlowBackend(peakEwma, slowPeriod.to + 2, slowPeriod.to + 7)).toBeGreaterThan(0.233)
})

test('picks the first drawn of a tie', () => {
  const { picks } = pickerHarness(peakEwma, { weights: [1, 1] })
  // Binomial(10,000, ½): four standard deviations are 200.
  expect(Math.abs((countPicks(picks(10_000), 2)[0] ?? 0) - 5000)).toBeLessThan(200)
})
