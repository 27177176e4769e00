import { describe, expect, test } from 'vitest'
import { balanceOf } from '../../../src/experiment/findings/balance-of.ts'
import { arm, planOf } from '../../support/results/measurements.ts'
import { backend } from '../evidence.ts'

const backends = [5, 1, 1].map((weight) => backend({ weight }))
const plan = planOf([arm('weighted')], { backends })
const found = (algorithm: string, counts: readonly number[], of = plan) =>
  balanceOf(arm(algorithm), counts, of)

test('an algorithm that knows weights is held against them', () => {
  expect(found('weighted', [500, 100, 100])).toEqual({
    basis: 'weights',
    fairness: expect.closeTo(1),
    maxDeviation: expect.closeTo(0),
  })
  // 300 of 700 where 500 should be, and 200 where 100 should: twice as much.
  expect(found('weighted', [300, 200, 200])?.maxDeviation).toBeCloseTo(1)
})

test('one that does not is held against equal shares', () => {
  expect(found('round-robin', [100, 100, 100])).toMatchObject({
    basis: 'equal shares',
    maxDeviation: expect.closeTo(0),
  })
  // Jain: (2 + 1 + 0)² / (3 · (4 + 1 + 0)) = 0.6
  expect(found('round-robin', [200, 100, 0])?.fairness).toBeCloseTo(0.6)
})

test('a backend of weight 0 that got requests is no finite deviation', () => {
  const drained = planOf([arm('weighted')], { backends: [backend(), backend({ weight: 0 })] })
  const deviation = found('weighted', [99, 1], drained)
  expect(deviation).toBeDefined()
  expect(deviation?.maxDeviation).toBeUndefined()
})

test('there is none without a balancer, of the control, or where nobody counted', () => {
  const bare = arm('direct', { target: 'direct', algorithm: 'none' })
  expect(balanceOf(bare, [100, 0, 0], plan)).toBeUndefined()
  expect(found('round-robin', [])).toBeUndefined()
  const control = planOf([arm('round-robin')], { backends, control: 'round-robin' })
  expect(found('round-robin', [1, 1, 1], control)).toBeUndefined()
})

test('a target of which nobody knows the algorithm is held against equal shares', () => {
  const unknown = arm('command', { target: 'command', algorithm: 'none' })
  expect(balanceOf(unknown, [100, 100, 100], plan)).toMatchObject({
    basis: 'equal shares',
    fairness: expect.closeTo(1),
  })
})

describe('where one backend is slower', () => {
  const exponential = (mean: number) => ({ kind: 'exponential' as const, mean })
  const slow = (concurrency: number) =>
    planOf([arm('round-robin')], {
      backends: [0.005, 0.005, 0.02].map((mean) =>
        backend({ serviceTime: exponential(mean), concurrency }),
      ),
    })

  test('it is named, with what it got and what it would get by its speed', () => {
    // 800, 800 and 200 requests a second: a ninth.
    expect(found('round-robin', [100, 100, 100], slow(4))?.slowest).toEqual({
      backends: [2],
      share: expect.closeTo(1 / 3),
      shareBySpeed: expect.closeTo(1 / 9),
    })
    expect(found('round-robin', [100, 100, 100], slow(0))?.slowest?.shareBySpeed).toBeCloseTo(1 / 9)
  })

  test('nothing is said where all are alike, or one takes no time', () => {
    expect(found('round-robin', [1, 1, 1])?.slowest).toBeUndefined()
    const instant = planOf([arm('round-robin')], {
      backends: [backend(), backend({ serviceTime: exponential(0.01) })],
    })
    expect(found('round-robin', [1, 1], instant)?.slowest).toBeUndefined()
  })
})
