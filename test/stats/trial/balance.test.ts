import { expect, test } from 'vitest'
import { balance, jain } from '../../../src/stats/trial/balance.ts'

test('Jain’s index is 1 for equal shares and 1/n if one has everything', () => {
  expect(jain([5, 5, 5, 5])).toBe(1)
  expect(jain([8, 0, 0, 0])).toBe(0.25)
  // (1 + 2 + 3)² / (3 · 14).
  expect(jain([1, 2, 3])).toBeCloseTo(36 / 42, 15)
  // Of whatever scale.
  for (const unit of [1e-200, 1e200]) {
    expect(jain([unit, 2 * unit, 3 * unit])).toBeCloseTo(36 / 42, 15)
  }
  expect([jain([]), jain([0, 0])]).toEqual([1, 1])
})

test('shares are judged against the weights', () => {
  const even = balance([300, 200, 100], [3, 2, 1])
  expect(even.greatestDeviation).toBeCloseTo(0, 12)
  expect(even.fairness).toBeCloseTo(1, 12)
  const skewed = balance([300, 100], [1, 1])
  expect(skewed.shares).toEqual([
    { got: 0.75, ideal: 0.5 },
    { got: 0.25, ideal: 0.5 },
  ])
  expect(skewed.greatestDeviation).toBeCloseTo(0.5, 12)
  expect(skewed.fairness).toBeCloseTo(0.8, 12)
})

test('a backend of weight 0 should get nothing', () => {
  expect(balance([10, 0], [1, 0])).toMatchObject({ greatestDeviation: 0, fairness: 1 })
  expect(balance([9, 1], [1, 0]).greatestDeviation).toBe(Number.POSITIVE_INFINITY)
})

test('no request is no deviation', () => {
  expect(balance([0, 0], [1, 1])).toMatchObject({ greatestDeviation: 0, fairness: 1 })
})

test('refuses weights that do not fit', () => {
  expect(() => balance([1, 2], [1])).toThrow(RangeError)
  expect(() => balance([1, 2], [0, 0])).toThrow(RangeError)
})
