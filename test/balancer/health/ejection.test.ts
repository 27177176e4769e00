import { expect, test } from 'vitest'
import { ejectionSeconds, maxEjected, nextBackOff } from '../../../src/balancer/health/ejection.ts'

const backOff = { ejection: 10, maxEjection: 35 }

test('ejections in a row last longer each time, up to the longest', () => {
  const lasted: number[] = []
  let last = 0
  for (let i = 0; i < 6; i++) {
    last = nextBackOff(last, 0, backOff)
    lasted.push(ejectionSeconds(last, backOff))
  }
  expect(lasted).toEqual([10, 20, 30, 35, 35, 35])
})

test('each first time that a backend is in takes one step off the next ejection', () => {
  expect(nextBackOff(4, 9.9, backOff)).toBe(4)
  expect(nextBackOff(3, 10, backOff)).toBe(3)
  expect(nextBackOff(3, 29, backOff)).toBe(2)
  expect(nextBackOff(3, 1e6, backOff)).toBe(1)
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
] as const)('of %i backends a share of %f lets %i be ejected', ([backends, share, most]) => {
  expect(maxEjected(backends, share)).toBe(most)
})
