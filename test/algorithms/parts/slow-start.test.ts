import { expect, test } from 'vitest'
import { slowStartShare } from '../../../src/algorithms/parts/slow-start.ts'

test.for([
  [0, 0.1],
  [6, 0.1],
  [15, 0.25],
  [30, 0.5],
  [59, 59 / 60],
  [60, 1],
  [600, 1],
] as const)('in a window of 60 s the share after %f s is that of Envoy', ([elapsed, share]) => {
  expect(slowStartShare(elapsed, 60)).toBeCloseTo(share, 12)
})

test('a window shorter than one second gives the full share', () => {
  expect(slowStartShare(0, 0.5)).toBe(1)
})
