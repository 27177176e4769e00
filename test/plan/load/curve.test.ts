import { expect, test } from 'vitest'
import { integralAt, levelAt, plannedVisits, timeOfShare } from '../../../src/plan/load/curve.ts'
import type { Stage } from '../../../src/plan/load/load-plan.ts'

const stage = (
  from: number,
  to: number,
  seconds: number,
  model: Stage['model'] = 'open',
): Stage => ({
  ...{ name: `${from} to ${to}`, seconds, model, from, to },
})

test('a ramp has the mean of its levels, and a hold its level', () => {
  expect(integralAt(stage(0, 100, 60), 60)).toBe(3000)
  expect(integralAt(stage(100, 100, 60), 30)).toBe(3000)
  expect(levelAt(stage(0, 100, 60), 15)).toBe(25)
})

test('the time of a share is the inverse of the integral, also where the rate barely changes or falls to 0', () => {
  for (const one of [
    stage(0, 100, 60),
    stage(100, 100.0000001, 10),
    stage(80, 0, 7),
    stage(5, 5, 3),
  ]) {
    const all = integralAt(one, one.seconds)
    for (const share of [0, 0.1, 0.5, 0.999, 1]) {
      expect(integralAt(one, timeOfShare(one, share))).toBeCloseTo(share * all, 6)
    }
  }
  expect(timeOfShare(stage(0, 0, 10), 0.5)).toBe(0)
})

test('the visits of stages with fractions add up to those of the whole, and users are no visits', () => {
  const stages = [stage(0, 1, 1), stage(1, 1, 0.5), stage(3, 3, 5, 'closed'), stage(1, 0, 1)]
  const visits = plannedVisits(stages)
  expect(visits[2]).toBe(0)
  expect(visits.reduce((sum, one) => sum + one, 0)).toBe(2)
})
