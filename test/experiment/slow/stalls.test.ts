import { expect, test } from 'vitest'
import { stallsOf, type ThroughputBin } from '../../../src/experiment/slow/stalls.ts'
import { seeded } from '../../../src/kit/random.ts'

const binsOf = (
  counts: readonly number[],
  plannedAt: (i: number) => number = () => 1,
): ThroughputBin[] =>
  counts.map((responses, i) => ({
    ...{ fromMs: 100 * i, untilMs: 100 * (i + 1), responses, planned: plannedAt(i) },
  }))
const starts = (bins: readonly ThroughputBin[], neighbours = 20) =>
  stallsOf(bins, neighbours).map(({ fromMs }) => fromMs)

test('a bin is judged by the load that was planned for it', () => {
  const planned = (i: number) => 10 + i
  const counts = Array.from({ length: 100 }, (_, i) => 4 * planned(i))
  expect(starts(binsOf(counts, planned))).toEqual([])
  // 40 would have been usual at the begin.
  counts[80] = 40
  expect(starts(binsOf(counts, planned))).toEqual([8000])
  expect(stallsOf(binsOf(counts, planned), 20)[0]?.excessMs).toBeCloseTo(100 * (1 - 40 / 360), 6)
})

test('responses that rise while the first visits pause, and a step of the load, are no stalls', () => {
  const rising = Array.from({ length: 100 }, (_, i) => 50 * Math.min(5, 1 + Math.floor(i / 5)))
  expect(starts(binsOf(rising))).toEqual([])
  const steps = Array.from({ length: 100 }, (_, i) => (i < 50 ? 20 : 400))
  expect(starts(binsOf(steps))).toEqual([])
  expect(starts(binsOf(steps.toReversed()))).toEqual([])
})

test('visits of many requests come in lumps, which chance explains', () => {
  const random = seeded(5)
  /** A Poisson count. Knuth, The Art of Computer Programming, volume 2, section 3.4.1. */
  const poisson = (mean: number) => {
    let count = 0
    for (let product = random(); product > Math.exp(-mean); product *= random()) count++
    return count
  }
  const lumps = (mean: number) => Array.from({ length: 600 }, () => 6 * poisson(mean))
  const few = lumps(10)
  expect(few.filter((count) => count < 30).length).toBeGreaterThan(5)
  expect(starts(binsOf(few))).toEqual([])
  const many = lumps(40)
  many[300] = 0
  expect(starts(binsOf(many))).toEqual([30_000])
})

test('bins without load, and without any, have no stalls', () => {
  expect(starts([])).toEqual([])
  expect(starts(binsOf([100, 0, 100], (i) => (i === 1 ? 0 : 1)))).toEqual([])
})
