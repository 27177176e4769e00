import { expect, test } from 'vitest'
import { aaPlan } from '../../src/plan/aa-plan.ts'
import { plan as planSchema } from '../../src/plan/plan.ts'

const options = { blocks: 16, duration: 0.6, warmup: 0.4, seed: 3 }

test('the two arms differ in name only', () => {
  const plan = aaPlan(options)
  expect(planSchema.parse(plan)).toEqual(plan)
  const [a, b] = plan.arms
  expect({ ...a, name: '' }).toEqual({ ...b, name: '' })
  expect(a?.name).not.toBe(b?.name)
  expect(plan.trials).toHaveLength(32)
  expect(plan.control).toBeUndefined()
  expect(plan.stop).toBeUndefined()
})

test('the order of the trials is random and depends on the seed', () => {
  const order = (seed: number) =>
    aaPlan({ ...options, seed })
      .trials.map((trial) => trial.arm)
      .join('')
  expect(order(3)).toBe(order(3))
  expect(order(3)).not.toBe(order(4))
  // Neither AAAA… nor ABAB…: of 16 blocks some begin with A and some with B.
  expect(order(3)).toMatch(/^(AB|BA)+$/)
  expect(new Set(order(3).match(/../g))).toEqual(new Set(['AB', 'BA']))
})
