import { expect, test } from 'vitest'
import { ejectionSeconds, maxEjected, nextBackOff } from '../../../src/balancer/health/ejection.ts'

const times = { ejection: 10, maxEjection: 35 }

test('consecutive ejections last longer each time, up to the maximum', () => {
  const durations: number[] = []
  let last = 0
  for (let i = 0; i < 6; i++) {
    last = nextBackOff(last, 0, times)
    durations.push(ejectionSeconds(last, times))
  }
  expect(durations).toEqual([10, 20, 30, 35, 35, 35])
})

test('each `ejection` seconds that a backend is in shorten its next ejection by one step', () => {
  expect(nextBackOff(4, 9.9, times)).toBe(4)
  expect(nextBackOff(3, 10, times)).toBe(3)
  expect(nextBackOff(3, 29, times)).toBe(2)
  expect(nextBackOff(3, 1e6, times)).toBe(1)
})

test.for([
  [2, 0.5, 1],
  [3, 0.5, 1],
  [1, 0.5, 0],
  [10, 0.1, 1],
  [9, 0.1, 0],
  [100, 0.29, 29],
  [3, 0, 0],
  [3, 1, 3],
] as const)('of %i backends a share of %f allows %i ejections', ([backends, share, max]) => {
  expect(maxEjected(backends, share)).toBe(max)
})
