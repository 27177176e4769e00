import { expect, test } from 'vitest'
import { plan as planSchema } from '../../src/plan/plan.ts'
import { againstItself, selfPlan } from '../../src/plan/self-plan.ts'
import { arm, planOf } from '../support/measurements.ts'

const order = { blocks: 16, duration: 0.6, warmup: 0.4, seed: 3 }

test('a selftest is a plan of two arms that differ by their names only', () => {
  const plan = selfPlan(order)
  expect(planSchema.parse(plan)).toEqual(plan)
  const [a, b] = plan.arms
  expect({ ...a, name: '' }).toEqual({ ...b, name: '' })
  expect(a?.name).not.toBe(b?.name)
  expect(plan.trials).toHaveLength(32)
  expect(plan.control).toBeUndefined()
  expect(plan.stop).toBeUndefined()
})

test('its order is random, and the seed decides it', () => {
  const walk = (seed: number) =>
    selfPlan({ ...order, seed })
      .trials.map((trial) => trial.arm)
      .join('')
  expect(walk(3)).toBe(walk(3))
  expect(walk(3)).not.toBe(walk(4))
  // Neither AAAA… nor ABAB…: of 16 blocks some begin with A and some with B.
  expect(walk(3)).toMatch(/^(AB|BA)+$/)
  expect(new Set(walk(3).match(/../g))).toEqual(new Set(['AB', 'BA']))
})

const given = planOf([arm('direct'), arm('x', { cores: 2 }), arm('y')], {
  control: 'direct',
  phases: ['capacity', 'latency'],
  blocks: 3,
  stop: { maxSeconds: 85, least: 1 },
})

test('any plan can hold its first arm against itself, with everything else as it is', () => {
  const plan = againstItself(given, 16)
  expect(plan.arms.map(({ algorithm, cores }) => [algorithm, cores])).toEqual([
    ['x', 2],
    ['x', 2],
  ])
  expect(plan.phases).toEqual(['capacity', 'latency'])
  expect(plan.trials).toHaveLength(64)
  expect(plan).toMatchObject({ blocks: 16, warmup: given.warmup, backends: given.backends })
  expect(planSchema.parse(plan)).toEqual(plan)
})

test('it has no control, and ends for no reason but its last block', () => {
  const { control, stop } = againstItself(given, 16)
  expect({ control, stop }).toEqual({ control: undefined, stop: undefined })
})

test('the block that only finds a rate is not multiplied', () => {
  const [first, ...rest] = given.trials.filter(({ phase }) => phase === 'capacity')
  const capacity = [first, ...rest].filter((trial) => trial?.block === 0)
  const latency = given.trials.filter(({ phase }) => phase === 'latency')
  const trials = [...capacity, ...latency] as typeof given.trials
  const plan = againstItself({ ...given, trials }, 8)
  const count = (phase: string) => plan.trials.filter((trial) => trial.phase === phase).length
  expect([count('capacity'), count('latency')]).toEqual([2, 16])
})

test('fewer blocks than one comparison takes are refused', () => {
  expect(() => againstItself(given, 7)).toThrow(expect.objectContaining({ exitCode: 2 }))
})
