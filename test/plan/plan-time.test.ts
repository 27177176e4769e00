import { expect, test } from 'vitest'
import { timeOf } from '../../src/plan/plan-time.ts'
import { arm, planOf } from '../support/results/measurements.ts'

// A window of 1 s, and half a second for starting and stopping.
const plan = planOf([arm('a'), arm('b')], {
  blocks: 10,
  phases: ['capacity', 'latency'],
  warmup: { least: 1, most: 2 },
})

test('the maximum has the longest warm-up and one repetition in four', () => {
  expect(timeOf(plan)).toEqual({ least: 40 * 2.5, most: 50 * 3.5 })
})

test('the minimum is that of the fewest blocks, the maximum that of the stop rule', () => {
  const stop = { precision: 0.02, least: 8, maxSeconds: 150 }
  expect(timeOf({ ...plan, stop })).toEqual({ least: 32 * 2.5, most: 150 })
})

test('the minimum is that of the fewest blocks, even above the maximum time', () => {
  const stop = { least: 8, maxSeconds: 50 }
  expect(timeOf({ ...plan, stop })).toEqual({ least: 80, most: 80 })
})
