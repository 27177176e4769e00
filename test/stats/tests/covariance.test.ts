import { expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { studentQuantile } from '../../../src/stats/distributions/student-t.ts'
import { adjustedMean } from '../../../src/stats/tests/covariance.ts'
import { gaussian } from '../gaussian.ts'

test('is the intercept of the line, with n − 2 degrees of freedom', () => {
  // y = 1 + 2x, residuals 0.1, −0.2, 0, 0.2, −0.1: of sum 0, and orthogonal to x.
  const x = [-1, 0, 1, 2, 3]
  const residuals = [0.1, -0.2, 0, 0.2, -0.1]
  const y = x.map((value, i) => 1 + 2 * value + (residuals[i] as number))
  const found = adjustedMean(y, x, 0.95)
  expect(found?.slope).toBeCloseTo(2, 12)
  expect(found?.center).toBeCloseTo(1, 12)
  // s² = 0.1/3; the mean of x is 1, and its sum of squares 10.
  const reach = studentQuantile(0.975, 3) * Math.sqrt((0.1 / 3) * (1 / 5 + 1 / 10))
  expect(found?.high).toBeCloseTo(1 + reach, 12)
  expect(found?.low).toBeCloseTo(1 - reach, 12)
})

test('its interval covers as often as its level, with few pairs too', () => {
  const normal = gaussian(seeded(21))
  for (const n of [8, 10, 20]) {
    const tries = 2000
    let held = 0
    for (let i = 0; i < tries; i++) {
      const x = Array.from({ length: n }, () => 0.1 * normal())
      const y = x.map((value) => 0.03 + 1.2 * value + 0.05 * normal())
      const { low = 1, high = 0 } = adjustedMean(y, x, 0.95) ?? {}
      if (low <= 0.03 && 0.03 <= high) held++
    }
    // Three standard deviations of 2,000 tries are 1.5 %.
    expect(Math.abs(held / tries - 0.95)).toBeLessThan(0.015)
  }
})

test('without spread in the covariate, or with 3 pairs, there is none', () => {
  expect(adjustedMean([1, 2, 3, 4], [5, 5, 5, 5], 0.95)).toBeUndefined()
  expect(adjustedMean([1, 2, 3], [1, 3, 2], 0.95)).toBeUndefined()
})
