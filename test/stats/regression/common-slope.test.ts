import { expect, test } from 'vitest'
import { commonSlope } from '../../../src/stats/regression/common-slope.ts'

const line = (slope: number, from: number, xs: readonly number[]) =>
  xs.map((x) => ({ x, y: from + slope * x }))

test('the slope is the one that groups at different levels share', () => {
  const found = commonSlope([line(1.5, 0, [1, 2, 3]), line(1.5, 100, [2, 4])])
  expect(found.slope).toBeCloseTo(1.5, 12)
  // Five observations less two means and the slope.
  expect(found.freedom).toBe(2)
})

test('a difference between the groups does not affect the slope', () => {
  const flat = (x: number, y: number) => [0, 1, 2].map((step) => ({ x: x + step, y }))
  expect(commonSlope([flat(0, 0), flat(10, 50)]).slope).toBe(0)
})

test('the spread is the one inside the groups', () => {
  // Squares about the means: 2 × 0.5 of 4 observations, less the 2 means.
  expect(commonSlope([line(1, 0, [0, 1]), line(1, 0, [100, 101])]).spread).toBeCloseTo(
    Math.SQRT1_2,
    12,
  )
})

test('a constant x has a slope of 0', () => {
  expect(commonSlope([line(1, 0, [5, 5, 5])])).toMatchObject({ slope: 0, spread: 0 })
  expect(commonSlope([])).toMatchObject({ slope: 0, spread: 0 })
})
