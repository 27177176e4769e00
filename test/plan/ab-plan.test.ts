import { expect, test } from 'vitest'
import { abPlan } from '../../src/plan/ab-plan.ts'
import { plan as planSchema } from '../../src/plan/plan.ts'
import { exampleResult } from '../support/results/example-result.ts'

const { plan } = exampleResult()
const sides = { base: { commit: 'aaa', build: '/a' }, head: { config: { seed: 2 } } }

test('each arm exists on both sides, and each block holds both in random order', () => {
  const made = abPlan(plan, sides)
  expect(made.arms.map(({ name }) => name)).toEqual(
    plan.arms.flatMap(({ name }) => [`base ${name}`, `head ${name}`]),
  )
  const blocks = Map.groupBy(made.trials, ({ block }) => block)
  expect(blocks.size).toBe(plan.blocks)
  for (const trials of blocks.values()) {
    expect(trials.map(({ arm }) => arm).sort()).toEqual(made.arms.map(({ name }) => name).sort())
    // The sides of a pair differ by themselves, and not by their dice.
    expect(new Set(trials.map(({ seed }) => seed)).size).toBe(1)
  }
  const orders = [...blocks.values()].map((trials) => trials.map(({ arm }) => arm).join())
  expect(new Set(orders).size).toBeGreaterThan(1)
})

test('each side keeps its variant, and the plan matches its schema', () => {
  const made = planSchema.parse(abPlan(plan, sides))
  expect(made.arms[0]?.variant).toEqual({ side: 'base', commit: 'aaa', build: '/a' })
  expect(made.arms[1]?.variant).toEqual({ side: 'head', config: { seed: 2 } })
})

test('the control is on neither side', () => {
  const control = plan.arms[1]?.name as string
  const made = abPlan({ ...plan, control }, sides)
  expect(made.arms.filter(({ name }) => name.includes(control))).toMatchObject([{ name: control }])
})

test('a witness has its trials on both sides', () => {
  const made = abPlan({ ...plan, witness: 'wrk' }, sides)
  const capacity = made.trials.filter(({ phase }) => phase === 'capacity')
  const witnessed = capacity.filter(({ witness }) => witness === 'wrk')
  expect(witnessed).toHaveLength(capacity.length / 2)
  expect(new Set(witnessed.map(({ arm }) => arm)).size).toBe(made.arms.length)
})
