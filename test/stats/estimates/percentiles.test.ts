import { expect, test } from 'vitest'
import { gaussian } from '../../../src/kit/gaussian.ts'
import { seeded } from '../../../src/kit/random.ts'
import {
  mayPrint,
  percentileSummary,
  percentileWithFailures,
} from '../../../src/stats/estimates/percentiles.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'

/** n times of 1, 2, … n µs, each times a factor. */
function spread(n: number, factor = 1) {
  const times = histogram()
  for (let i = 1; i <= n; i++) times.record(i * factor)
  return times
}

test('a percentile is printed once 10 samples lie beyond it', () => {
  expect([20, 19].map((n) => mayPrint(50, n))).toEqual([true, false])
  expect([1000, 999].map((n) => mayPrint(99, n))).toEqual([true, false])
  expect([10_000, 9_999].map((n) => mayPrint(99.9, n))).toEqual([true, false])
  expect(mayPrint(100, 1e9)).toBe(false)
})

test('a failed request counts as slower than any response', () => {
  const hundred = spread(100)
  expect(percentileWithFailures(hundred, 50, 0)).toBe(50)
  // 100 answers and 100 failures: the median of all is the slowest answer.
  expect(percentileWithFailures(hundred, 50, 100)).toBe(100)
  expect(percentileWithFailures(hundred, 51, 100)).toBe(Number.POSITIVE_INFINITY)
  expect(percentileWithFailures(spread(99), 99, 1)).toBe(99)
  expect(percentileWithFailures(spread(99), 99.5, 1)).toBe(Number.POSITIVE_INFINITY)
  expect(percentileWithFailures(histogram(), 50, 3)).toBe(Number.POSITIVE_INFINITY)
  expect(percentileWithFailures(histogram(), 50, 0)).toBe(0)
})

test('from 3 trials on it is the percentile of a typical trial, with the interval of just that', () => {
  const trials = [0.96, 0.98, 1, 1.02, 1.04].map((factor) => spread(1000, factor))
  const found = percentileSummary(trials, 50)
  expect(found).toMatchObject({ n: 5, interval: 'confidence', confidence: 0.95, warnings: [] })
  expect(Math.abs((found?.center ?? 0) - 500)).toBeLessThan(3)
  // t(0.975, 4) = 2.776 times an SD of the logarithms of 3.16 % over √5 is 3.9 %.
  expect((found?.low ?? 0) / 500).toBeCloseTo(0.961, 2)
  expect((found?.high ?? 0) / 500).toBeCloseTo(1.04, 2)
})

test('one slow trial of ten determines the p99 of all requests, not that of a typical trial: a warning', () => {
  const fast = histogram()
  const slow = histogram()
  for (let i = 0; i < 10_000; i++) {
    fast.record(1_000)
    slow.record(100_000)
  }
  const trials = [...Array.from({ length: 9 }, () => fast), slow]
  const found = percentileSummary(trials, 99)
  // Nine trials at 1 ms and one at 100 ms: the mean of the logarithms is 10^0.2 ms.
  expect((found?.center ?? 0) / (1000 * 10 ** 0.2)).toBeCloseTo(1, 2)
  expect(found?.estimator).toBe('mean of logarithms')
  expect(found?.high).toBeLessThan(100_000)
  expect(found?.warnings).toEqual([{ code: 'percentile-uneven', values: {} }])
})

test('a trial with many requests does not outweigh the others', () => {
  const quick = histogram()
  for (let i = 0; i < 100_000; i++) quick.record(10)
  const slow = [1, 1.01, 1.02, 0.99, 0.98].map((factor) => spread(1000, factor))
  const found = percentileSummary([quick, ...slow], 90)
  // p90 of the quick trial is 10 µs, of the five others about 900 µs: (10 · 900⁵)^⅙ is 425 µs.
  expect(Math.abs((found?.center ?? 0) - 425)).toBeLessThan(2)
  expect(found?.warnings).toEqual([{ code: 'percentile-uneven', values: {} }])
})

test('fewer than 3 trials give their range; too few requests give nothing', () => {
  const two = [spread(1000), spread(1000, 1.1)]
  expect(percentileSummary(two, 99)).toMatchObject({ interval: 'range', low: 990, n: 2 })
  expect(percentileSummary([spread(900)], 99)).toBeUndefined()
  expect(percentileSummary([], 50)).toBeUndefined()
})

test('requests that failed count as slower than any, in the centre and in each trial', () => {
  const trials = [spread(1000), spread(1000)]
  // 2,000 answers and 200 failures, all of one trial: p50 is the 1,100th answer, 550 µs. Of that trial
  // alone it is the 600th of 1,000, of the other the 500th.
  const found = percentileSummary(trials, 50, { failed: [200, 0] })
  expect(Math.abs((found?.center ?? 0) - 550)).toBeLessThanOrEqual(1)
  expect(found?.low).toBe(500)
  expect(Math.abs((found?.high ?? 0) - 600)).toBeLessThanOrEqual(1)
  // p90 lies among the 200 failures of the first.
  expect(percentileSummary(trials, 90, { failed: [200, 0] })).toBeUndefined()
})

test('a typical percentile is covered as often as the level says, however far the trials lie apart', () => {
  const normal = gaussian(seeded(6))
  for (const n of [3, 5, 10]) {
    const tries = 150
    const held = Array.from({ length: tries }, () => {
      const trials = Array.from({ length: n }, () => {
        const effect = Math.exp(0.3 * normal())
        const times = histogram()
        for (let i = 0; i < 1000; i++) times.record(1000 * effect * (i < 985 ? 1 : 4))
        return times
      })
      const { low = 0, high = 0 } = percentileSummary(trials, 99) ?? {}
      return low <= 4000 && 4000 <= high
    }).filter(Boolean).length
    // Three standard deviations of 150 tries are 5.3 %.
    expect(held / tries).toBeGreaterThan(0.895)
  }
})

test('where a trial has too few requests of its own, all requests together give the percentile, without an interval', () => {
  const trials = [spread(500), spread(700, 1.1), spread(900, 0.9)]
  expect(percentileSummary(trials, 99)).toMatchObject({
    estimator: 'merged histograms',
    interval: 'range',
    confidence: 0,
  })
})
