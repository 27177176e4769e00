import { expect, test } from 'vitest'
import { pseudoMedian } from '../../../src/stats/estimates/hodges-lehmann.ts'
import { meanInterval } from '../../../src/stats/estimates/student-interval.ts'
import { summarise } from '../../../src/stats/estimates/summary.ts'

const ten = [10234.1, 10198.7, 10310.2, 10277.9, 10150.3, 10265.8, 10222.4, 10301.6, 10189.5, 10240]

test('eight or more trials get the pseudo-median and the exact signed-rank interval', () => {
  const { center, low, high } = pseudoMedian(ten)
  expect(summarise(ten)).toEqual({
    center,
    estimator: 'pseudo-median',
    low,
    high,
    interval: 'confidence',
    confidence: 0.95,
    n: 10,
    warnings: [],
  })
})

test('three to seven trials get the mean and the t interval', () => {
  for (const n of [3, 7]) {
    const few = ten.slice(0, n)
    const { center, low, high } = meanInterval(few)
    expect(summarise(few)).toMatchObject({ center, low, high, interval: 'confidence', n })
  }
})

test('one or two trials get their range, and a warning', () => {
  expect(summarise([3, 5])).toEqual({
    center: 4,
    estimator: 'mean',
    low: 3,
    high: 5,
    interval: 'range',
    confidence: 0,
    n: 2,
    warnings: [{ code: 'too-few-trials', values: { trials: 2 } }],
  })
  expect(summarise([3]).warnings).toEqual([{ code: 'too-few-trials', values: { trials: 1 } }])
})

test('an interval of values that are never negative has no bound below 0', () => {
  expect(meanInterval([0.1, 0.2, 5]).low).toBeLessThan(0)
  expect(summarise([0.1, 0.2, 5]).low).toBe(0)
  expect(summarise([-1, 0.2, 5]).low).toBeLessThan(-1)
})

test('an outlier does not move the estimate of ten trials', () => {
  const frozen = ten.with(0, 1)
  expect(Math.abs(summarise(frozen).center / summarise(ten).center - 1)).toBeLessThan(0.005)
})

test('no values, and values that are not finite, are an error', () => {
  expect(() => summarise([])).toThrow(RangeError)
  expect(() => summarise([1, Number.POSITIVE_INFINITY])).toThrow('not Infinity')
  expect(() => summarise([1, Number.NaN])).toThrow('not NaN')
})
