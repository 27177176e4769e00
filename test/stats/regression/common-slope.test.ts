import { expect, test } from 'vitest'
import { commonSlope } from '../../../src/stats/regression/common-slope.ts'

const line = (slope: number, from: number, xs: readonly number[]) =>
  xs.map((x) => ({ x, y: from + slope * x }))

test('finds the slope that groups at different heights share', () => {
  const found = commonSlope([line(1.5, 0, [1, 2, 3]), line(1.5, 100, [2, 4])])
  expect(found.slope).toBeCloseTo(1.5, 12)
  // Five observations less two means and the slope.
  expect(found.freedom).toBe(2)
})

test('a difference between the groups is no part of it', () => {
  const flat = (x: number, y: number) => [0, 1, 2].map((step) => ({ x: x + step, y }))
  expect(commonSlope([flat(0, 0), flat(10, 50)]).slope).toBe(0)
})

test('the spread is that inside the groups', () => {
  // Squares about the means: 2 × 0.5 of 4 observations, less the 2 means.
  expect(commonSlope([line(1, 0, [0, 1]), line(1, 0, [100, 101])]).spread).toBeCloseTo(
    Math.SQRT1_2,
    12,
  )
})

test('where x never changes there is no slope', () => {
  expect(commonSlope([line(1, 0, [5, 5, 5])])).toMatchObject({ slope: 0, spread: 0 })
  expect(commonSlope([])).toMatchObject({ slope: 0, spread: 0 })
})
