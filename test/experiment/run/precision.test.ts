import { describe, expect, test } from 'vitest'
import { widestInterval } from '../../../src/experiment/run/precision.ts'
import type { Measurement } from '../../../src/result/document.ts'
import { halfWidth } from '../../../src/stats/estimates/precision.ts'
import { meanInterval } from '../../../src/stats/estimates/student-interval.ts'
import { arm, measurement, planOf } from '../../support/results/measurements.ts'

/** One trial a block for an arm. */
const rates = (name: string, values: readonly number[]): Measurement[] =>
  values.map((ok, block) => measurement({ arm: name, block, ok }))

test('the width is that of the widest ratio, not of the arms themselves', () => {
  const plan = planOf([arm('a'), arm('b'), arm('c')])
  // All drift by a half; b follows a exactly, c by a constant factor but for one block.
  const a = rates('a', [1000, 1500, 2000])
  const steady = [...a, ...rates('b', [500, 750, 1000])]
  expect(widestInterval(planOf([arm('a'), arm('b')]), steady, 'capacity')).toBeCloseTo(0, 6)
  const logs = [2, 2, 1.8].map(Math.log)
  const { low, high } = meanInterval(logs, 0.95)
  const wide = halfWidth({ low: Math.exp(low), high: Math.exp(high) })
  const all = [...steady, ...rates('c', [2000, 3000, 3600])]
  expect(widestInterval(plan, all, 'capacity')).toBeCloseTo(wide, 6)
})

test('the width is unknown while any ratio is', () => {
  const plan = planOf([arm('a'), arm('b'), arm('c')])
  const two = [...rates('a', [1000, 1001]), ...rates('b', [1000, 1002])]
  expect(widestInterval(plan, two, 'capacity')).toBeUndefined()
  expect(widestInterval(plan, [...two, ...rates('c', [900])], 'capacity')).toBeUndefined()
  expect(widestInterval(plan, [...two, ...rates('c', [900, 950])], 'capacity')).toBeGreaterThan(0)
})

describe('the width of a single arm', () => {
  const plan = planOf([arm('direct'), arm('a')], { control: 'direct' })

  test('is that of its own estimate; the control does not count', () => {
    const own = [...rates('a', [990, 1000, 1010]), ...rates('direct', [1, 1000, 9000])]
    const { low, high } = meanInterval([990, 1000, 1010].map(Math.log), 0.95)
    const width = halfWidth({ low: Math.exp(low), high: Math.exp(high) })
    expect(widestInterval(plan, own, 'capacity')).toBeCloseTo(width, 6)
  })

  test('is half the range for two trials, and unknown for one', () => {
    expect(widestInterval(plan, rates('a', [900, 1100]), 'capacity')).toBeCloseTo(
      100 / Math.sqrt(900 * 1100),
      6,
    )
    expect(widestInterval(plan, rates('a', [900]), 'capacity')).toBeUndefined()
  })

  test('is finite if the interval reaches 0', () => {
    const width = widestInterval(plan, rates('a', [1, 1000, 3000]), 'capacity')
    expect(width).toBeGreaterThan(1)
    expect(Number.isFinite(width)).toBe(true)
  })
})
