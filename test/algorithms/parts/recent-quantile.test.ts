import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recentQuantile } from '../../../src/algorithms/parts/recent-quantile.ts'

test('is the quantile of the last 128 values', () => {
  const values = fc.array(fc.nat(1023), { minLength: 1, maxLength: 700 })
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (added, quantile) => {
      const recent = recentQuantile(quantile)
      for (const value of added) recent.add(value)
      const sorted = added.slice(-128).sort((a, b) => a - b)
      expect(recent.read()).toBe(sorted[Math.floor(quantile * (sorted.length - 1))])
    }),
  )
})

test('is 0 before the first value, and bounded for large values', () => {
  const recent = recentQuantile(0.84)
  expect(recent.read()).toBe(0)
  recent.add(1e9)
  expect(recent.read()).toBe(1023)
})
