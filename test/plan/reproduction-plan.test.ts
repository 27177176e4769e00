import { expect, test } from 'vitest'
import { plan as planSchema } from '../../src/plan/plan.ts'
import { reproductionPlan } from '../../src/plan/reproduction-plan.ts'
import { makeDocumented } from '../support/results/documented-tables.ts'

const told = makeDocumented({
  arms: {
    A: ['round-robin', 8, 1],
    B: ['weighted', 8, 1],
    'one core': ['round-robin', 1],
    'four cores': ['round-robin', 4],
    unused: ['least-connections', 1],
  },
  tables: {
    Speed: ['throughput', { A: '15,000 req/s', B: '14,800 req/s' }],
    Time: ['latencyMean', { A: '2.5 ms', B: '2.8 ms' }],
    Scaling: ['throughput', { 'one core': '4,000 req/s', 'four cores': '14,500 req/s' }],
  },
})
const order = { documented: told, overrides: {}, seed: 1, control: 'direct' }

test('each arm of a table is measured once, and the control', () => {
  const { arms, trials, phases } = planSchema.parse(reproductionPlan(order))
  expect(arms.map(({ name }) => name)).toEqual([
    ...['round-robin ×1', 'weighted ×1', 'round-robin ×4', 'direct'],
  ])
  expect(trials).toHaveLength(4 * 8)
  expect(phases).toEqual(['capacity'])
})

test('the connections follow from Little’s law by default', () => {
  // 15,000 × 2.5 ms = 37.5 and 14,800 × 2.8 ms = 41.44, of which the upper is the middle of two.
  expect(reproductionPlan(order).connections).toBe(41)
  expect(reproductionPlan({ ...order, overrides: { connections: 7 } }).connections).toBe(7)
  const silent = { ...told, tables: told.tables.slice(0, 1) }
  expect(reproductionPlan({ ...order, documented: silent }).connections).toBe(40)
})

test('the maximum time is that of the flags, else of the document', () => {
  expect(reproductionPlan(order).stop).toEqual({ maxSeconds: 540, least: 1 })
  const short = reproductionPlan({ ...order, overrides: { maxTime: 60, trials: 3, duration: 1 } })
  expect(short).toMatchObject({ stop: { maxSeconds: 60 }, blocks: 3, duration: 1 })
})
