import { expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { edgeEstimate } from '../../../src/stats/regression/edge-estimate.ts'

const odds = (share: number) => Math.log(share / (1 - share))

/** Trials whose share is exactly on a logistic curve, 1 % at 700 req/s. */
const exact = [600, 650, 700, 750, 800].map((rate) => {
  const logit = odds(0.01) + 6 * Math.log(rate / 700)
  return { rate, requests: 5000, share: 1 / (1 + Math.exp(-logit)) }
})

test('finds the rate at which the fraction is reached, and the slope there', () => {
  const found = edgeEstimate(exact, 0.01)
  expect(found?.center).toBeCloseTo(700, 6)
  expect(found?.slope).toBeCloseTo(6, 6)
  expect(found?.low).toBeCloseTo(700, 4)
})

test('the mean of the fractions of short trials counts, not how many of them are beyond', () => {
  // In most trials at 700 req/s nothing is beyond the limit, and in one of ten a burst: 1 % on average.
  const random = seeded(2)
  const trials = Array.from({ length: 600 }, (_, i) => {
    const rate = [640, 700, 760][i % 3] as number
    const mean = 0.01 * (rate / 700) ** 6
    return { rate, requests: 500, share: random() < 0.1 ? 10 * mean : 0 }
  })
  const found = edgeEstimate(trials, 0.01)
  expect(Math.abs((found?.center ?? 0) / 700 - 1)).toBeLessThan(0.04)
  expect(found?.low).toBeLessThan(700)
  expect(found?.high).toBeGreaterThan(700)
})

test('trials of one rate, too few of them, and a fraction that falls give none', () => {
  const flat = exact.map((one) => ({ ...one, rate: 700 }))
  expect(edgeEstimate(flat, 0.01)).toBeUndefined()
  expect(edgeEstimate(exact.slice(0, 4), 0.01)).toBeUndefined()
  const falling = exact.map(({ share }, i) => ({ ...(exact[4 - i] as (typeof exact)[0]), share }))
  expect(edgeEstimate(falling, 0.01)).toBeUndefined()
})
