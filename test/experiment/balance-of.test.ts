import { expect, test } from 'vitest'
import { balanceOf } from '../../src/experiment/balance-of.ts'
import { backend } from '../support/evidence.ts'
import { arm, planOf } from '../support/measurements.ts'

const backends = [5, 1, 1].map((weight) => backend({ weight }))
const plan = planOf([arm('weighted')], { backends })
const found = (algorithm: string, counts: readonly number[], of = plan) =>
  balanceOf(arm(algorithm), counts, of)

test('an algorithm that knows weights is held against them', () => {
  expect(found('weighted', [500, 100, 100])).toEqual({
    against: 'weights',
    fairness: expect.closeTo(1),
    greatestDeviation: expect.closeTo(0),
  })
  // 300 of 700 where 500 should be, and 200 where 100 should: twice as much.
  expect(found('weighted', [300, 200, 200])?.greatestDeviation).toBeCloseTo(1)
})

test('one that does not is held against equal shares', () => {
  expect(found('round-robin', [100, 100, 100])).toMatchObject({
    against: 'equal shares',
    greatestDeviation: expect.closeTo(0),
  })
  // Jain: (2 + 1 + 0)² / (3 · (4 + 1 + 0)) = 0.6
  expect(found('round-robin', [200, 100, 0])?.fairness).toBeCloseTo(0.6)
})

test('a backend of weight 0 that got requests is no finite deviation', () => {
  const drained = planOf([arm('weighted')], { backends: [backend(), backend({ weight: 0 })] })
  const deviation = found('weighted', [99, 1], drained)
  expect(deviation).toBeDefined()
  expect(deviation?.greatestDeviation).toBeUndefined()
})

test('there is none without a balancer, of the control, or where nobody counted', () => {
  expect(found('none', [100, 0, 0])).toBeUndefined()
  expect(found('round-robin', [])).toBeUndefined()
  const control = planOf([arm('round-robin')], { backends, control: 'round-robin' })
  expect(found('round-robin', [1, 1, 1], control)).toBeUndefined()
})
