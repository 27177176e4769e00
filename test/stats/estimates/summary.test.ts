import { expect, test } from 'vitest'
import { meanInterval } from '../../../src/stats/estimates/student-interval.ts'
import { summarise } from '../../../src/stats/estimates/summary.ts'
import { compare } from '../../../src/stats/tests/comparison.ts'

const ten = [10234.1, 10198.7, 10310.2, 10277.9, 10150.3, 10265.8, 10222.4, 10301.6, 10189.5, 10240]

/** The mean of the logarithms with its t interval, as values. */
function geometric(values: readonly number[]) {
  const { center, low, high } = meanInterval(values.map(Math.log))
  return { center: Math.exp(center), low: Math.exp(low), high: Math.exp(high) }
}

test.for([3, 7, 8, 10])('%i trials get the mean of their logarithms and its t interval', (n) => {
  const some = ten.slice(0, n)
  expect(summarise(some)).toEqual({
    ...geometric(some),
    estimator: 'mean of logarithms',
    interval: 'confidence',
    confidence: 0.95,
    n,
    warnings: [],
  })
})

test('one trial more does not change what is estimated', () => {
  const [seven, eighth] = [[10, 10.2, 10.4, 9.8, 10.1, 16, 17.5], 9.9]
  const [of7, of8] = [summarise(seven).center, summarise([...seven, eighth]).center]
  expect(of8 ** 8 / of7 ** 7).toBeCloseTo(eighth, 9)
})

test('the quotient of two estimates is the mean ratio of their trials, at any number of them', () => {
  for (const n of [2, 3, 7, 8, 10]) {
    const base = ten.slice(0, n)
    const other = base.map((value, i) => value * (1.1 + 0.01 * (i % 3)))
    const { ratio } = compare(
      base.map((value, i) => [value, other[i] as number] as const),
      { better: 'more', margin: 0.03 },
    )
    expect(summarise(other).center / summarise(base).center).toBeCloseTo(ratio.center, 12)
  }
})

test('one or two trials get their range, and a warning', () => {
  expect(summarise([3, 5])).toEqual({
    center: expect.closeTo(Math.sqrt(15), 12),
    estimator: 'mean of logarithms',
    low: 3,
    high: 5,
    interval: 'range',
    confidence: 0,
    n: 2,
    warnings: [{ code: 'too-few-trials', values: { trials: 2 } }],
  })
  expect(summarise([3]).warnings).toEqual([{ code: 'too-few-trials', values: { trials: 1 } }])
})

test('fractions and differences, and values of 0, get the plain mean', () => {
  const { center, low, high } = meanInterval([0.1, 0.2, 5])
  expect(summarise([0.1, 0.2, 5], { scale: 'difference' })).toMatchObject({
    ...{ center, high, estimator: 'mean' },
    // Values that are never negative give no bound below 0.
    low: 0,
  })
  expect(low).toBeLessThan(0)
  expect(summarise([0, 0.2, 5])).toMatchObject({ estimator: 'mean', low: 0 })
  expect(summarise([-1, 0.2, 5], { scale: 'difference' }).low).toBeLessThan(-1)
  expect(summarise([0.1, 0.2, 5]).low).toBeGreaterThan(0)
})

test('no values, and values that are not finite, are an error', () => {
  expect(() => summarise([])).toThrow(RangeError)
  expect(() => summarise([1, Number.POSITIVE_INFINITY])).toThrow('not Infinity')
  expect(() => summarise([1, Number.NaN])).toThrow('not NaN')
})
