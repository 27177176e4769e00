import { expect, test } from 'vitest'
import { rateOf } from '../../src/experiment/rate.ts'
import { arm, measurement, planOf } from '../support/measurements.ts'

const plan = planOf([arm('a'), arm('b')], { phases: ['capacity', 'latency'] })
const share = (rate?: number) =>
  ({ ...plan, arrivals: { share: 0.5, spacing: 'poisson', ...(rate && { rate }) } }) as const

test('the rate that was asked for is the rate', () => {
  expect(rateOf(share(123), [measurement({ ok: 9000 })])).toBe(123)
})

test('else it is the share of the slowest arm, by its middle trial', () => {
  const measured = [
    ...[100, 800, 900].map((ok, block) => measurement({ arm: 'a', block, ok })),
    ...[2000, 2100].map((ok, block) => measurement({ arm: 'b', block, ok })),
  ]
  expect(rateOf(share(), measured)).toBe(400)
})

test('a trial that does not count is passed over, unless the arm has no other', () => {
  const verdict = { valid: false }
  const a = [measurement({ ok: 10, verdict }), measurement({ ok: 1000, block: 1 })]
  expect(rateOf(share(), a)).toBe(500)
  expect(rateOf(share(), [...a, measurement({ arm: 'b', ok: 600, verdict })])).toBe(300)
})

test('is at most half of what the driver can send', () => {
  expect(rateOf(share(), [measurement({ ok: 1000 })], 600)).toBe(300)
  expect(rateOf(share(), [measurement({ ok: 1000 })], 5000)).toBe(500)
})

test('is never below one request a second', () => {
  expect(rateOf(share(), [measurement({ ok: 1 })])).toBe(1)
})
