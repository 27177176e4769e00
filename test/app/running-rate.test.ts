import { expect, test } from 'vitest'
import { runningRate } from '../../src/app/running-rate.ts'
import type { Load } from '../../src/plan/plan.ts'

test('the rate is that of the last second, of the load that runs now', () => {
  const seen: number[] = []
  const { observer, rate } = runningRate({
    begun: () => seen.push(-1),
    counted: (responses) => seen.push(...responses),
  })
  expect(rate()).toBeUndefined()
  observer.begun({} as Load)
  observer.counted([1, 2, 3])
  expect(rate()).toBeCloseTo(20, 9)
  observer.counted(Array<number>(10).fill(50))
  expect(rate()).toBeCloseTo(500, 9)
  expect(seen).toEqual([-1, 1, 2, 3, ...Array<number>(10).fill(50)])
  observer.begun({} as Load)
  expect(rate()).toBeUndefined()
})
