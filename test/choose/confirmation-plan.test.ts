import { expect, test } from 'vitest'
import { confirmationPlan, confirmationSizes } from '../../src/choose/confirmation-plan.ts'
import { aroundTrial } from '../../src/plan/plan-time.ts'
import type { World } from '../../src/simulator/options.ts'

const world: World = {
  backends: [
    { weight: 3, service: { kind: 'exponential', mean: 0.01 }, servers: 2, errorRate: 0.01 },
    { weight: 1, service: { kind: 'fixed', seconds: 0.02 }, servers: 0 },
  ],
  arrivals: { kind: 'poisson', rate: 150 },
  clients: { timeout: 5 },
  requests: 1000,
}

test('the plan runs the algorithms on the backends of the world, in blocks, within its time', () => {
  const plan = confirmationPlan({
    ...{ world, algorithms: ['two-choices', 'round-robin'], maxSeconds: 60, seed: 1 },
  })
  expect(plan).toMatchObject({
    ...{ phases: ['latency'], blocks: 8, timeout: 5, arrivals: { rate: 150, spacing: 'poisson' } },
    backends: [
      { weight: 3, serviceTime: { kind: 'exponential', mean: 0.01 }, concurrency: 2 },
      { weight: 1, serviceTime: { kind: 'fixed', seconds: 0.02 }, concurrency: 0 },
    ],
    stop: { maxSeconds: 55 },
  })
  expect(plan.arms.map(({ algorithm }) => algorithm)).toEqual(['two-choices', 'round-robin'])
  expect(plan.trials).toHaveLength(16)
  const { trials, warmup, duration } = plan
  expect(trials.length * (warmup.most + duration + aroundTrial)).toBeLessThan(55)
})

test('less time gives fewer blocks and shorter windows, and none that could not decide', () => {
  expect(confirmationSizes(3, 90)).toEqual({ blocks: 8, window: 2 })
  expect(confirmationSizes(2, 1000)).toEqual({ blocks: 8, window: 5 })
  expect(confirmationSizes(3, 41).blocks).toBe(6)
  expect(() => confirmationSizes(3, 30)).toThrow(
    'the confirmation of 3 algorithms takes about 39 s, more than --max-time 30s',
  )
})
