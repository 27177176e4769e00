import { expect, test } from 'vitest'
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

test('the centre is the percentile of all requests; the interval comes from the trials', () => {
  const trials = [0.96, 0.98, 1, 1.02, 1.04].map((factor) => spread(1000, factor).encode())
  const found = percentileSummary(trials, 50)
  expect(found).toMatchObject({ n: 5, interval: 'confidence', confidence: 0.95, warnings: [] })
  expect(Math.abs((found?.center ?? 0) - 500)).toBeLessThan(3)
  // t(0.975, 4) = 2.776 times an SD of the logarithms of 3.16 % over √5 is 3.9 %.
  expect((found?.low ?? 0) / 500).toBeCloseTo(0.961, 2)
  expect((found?.high ?? 0) / 500).toBeCloseTo(1.04, 2)
})

test('one slow trial of ten determines the p99 of all, with a warning', () => {
  const fast = histogram()
  const slow = histogram()
  for (let i = 0; i < 10_000; i++) {
    fast.record(1_000)
    slow.record(100_000)
  }
  const trials = [...Array.from({ length: 9 }, () => fast.encode()), slow.encode()]
  const found = percentileSummary(trials, 99)
  expect((found?.center ?? 0) / 100_000).toBeCloseTo(1, 2)
  expect(found?.high).toBe(found?.center)
  expect(found?.warnings).toEqual([{ code: 'percentile-uneven', values: {} }])
})

test('the interval contains the merged percentile even where one trial outweighs the others', () => {
  const quick = histogram()
  for (let i = 0; i < 100_000; i++) quick.record(10)
  const slow = [1, 1.01, 1.02, 0.99, 0.98].map((factor) => spread(1000, factor).encode())
  const found = percentileSummary([quick.encode(), ...slow], 90)
  expect(found?.center).toBe(10)
  expect(found?.low).toBe(10)
})

test('fewer than 3 trials give their range; too few requests give nothing', () => {
  const two = [spread(1000), spread(1000, 1.1)].map((trial) => trial.encode())
  expect(percentileSummary(two, 99)).toMatchObject({ interval: 'range', low: 990, n: 2 })
  expect(percentileSummary([spread(900).encode()], 99)).toBeUndefined()
  expect(percentileSummary([], 50)).toBeUndefined()
})

test('requests that failed count as slower than any, in the centre and in each trial', () => {
  const trials = [spread(1000), spread(1000)].map((trial) => trial.encode())
  // 2,000 answers and 200 failures, all of one trial: p50 is the 1,100th answer, 550 µs. Of that trial
  // alone it is the 600th of 1,000, of the other the 500th.
  const found = percentileSummary(trials, 50, { failed: [200, 0] })
  expect(Math.abs((found?.center ?? 0) - 550)).toBeLessThanOrEqual(1)
  expect(found?.low).toBe(500)
  expect(Math.abs((found?.high ?? 0) - 600)).toBeLessThanOrEqual(1)
  // p90 lies among the 200 failures of the first.
  expect(percentileSummary(trials, 90, { failed: [200, 0] })).toBeUndefined()
})
