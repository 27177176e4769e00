import { expect, test } from 'vitest'
import { arrivals } from '../../src/driver/arrivals.ts'
import { seeded } from '../../src/kit/random.ts'

test('constant arrivals do not drift', () => {
  const next = arrivals({ rate: 3, spacing: 'constant' }, 1000, seeded(1))
  let due = 0
  for (let i = 0; i <= 3_000_000; i++) due = next()
  expect(due).toBe(1000 + 3_000_000 * (1000 / 3))
})

test('the number of Poisson arrivals in a second has the mean and the variance of a Poisson distribution', () => {
  const next = arrivals({ rate: 50, spacing: 'poisson' }, 0, seeded(1))
  const seconds = 4000
  const counts = Array<number>(seconds).fill(0)
  for (let due = next(); due < seconds * 1000; due = next()) {
    const second = Math.floor(due / 1000)
    counts[second] = (counts[second] ?? 0) + 1
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / seconds
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (seconds - 1)
  // The mean has a standard deviation of √(50/4000) = 0.11: four are 0.45.
  expect(Math.abs(mean - 50)).toBeLessThan(0.45)
  // Variance over mean is 1, with a standard deviation of √(2/4000) = 0.022: four are 0.09.
  expect(Math.abs(variance / mean - 1)).toBeLessThan(0.09)
})

test('the same seed gives the same arrivals, in rising order', () => {
  const [a, b] = [0, 0].map(() => arrivals({ rate: 1000, spacing: 'poisson' }, 5, seeded(7)))
  let last = 5
  for (let i = 0; i < 1000; i++) {
    const due = a?.() as number
    expect(b?.()).toBe(due)
    expect(due).toBeGreaterThan(last)
    last = due
  }
})
