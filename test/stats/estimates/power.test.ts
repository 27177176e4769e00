import { expect, test } from 'vitest'
import { detectableEffect, pairsForPower } from '../../../src/stats/estimates/power.ts'

test('ten pairs find 5 % with a power of 90 % if the standard deviation of their log-ratios is 4.3 %', () => {
  // The published figure is rounded; the formula gives 5.03 % and 10.1 pairs.
  expect(detectableEffect(10, { spread: 0.043 })).toBeCloseTo(0.05, 3)
  expect(Math.abs(pairsForPower(0.05, { spread: 0.043 }) - 10)).toBeLessThanOrEqual(1)
})

test('the detectable effect and the number of pairs are inverse to each other', () => {
  for (const spread of [0.01, 0.05, 0.2]) {
    const n = pairsForPower(0.05, { spread })
    expect(detectableEffect(n, { spread })).toBeLessThanOrEqual(0.05)
    expect(detectableEffect(n - 1, { spread })).toBeGreaterThan(0.05)
  }
  expect(detectableEffect(1, { spread: 0.01 })).toBe(Number.POSITIVE_INFINITY)
})
