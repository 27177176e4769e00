import { expect, test } from 'vitest'
import { halfWidth, pairsNeeded, stopReason } from '../../../src/stats/estimates/precision.ts'

const rule = { precision: 0.02, maxBlocks: 40, maxSeconds: 600 }
const underWay = { blocks: 10, halfWidth: 0.05, elapsedSeconds: 100, secondsPerBlock: 10 }

test('the half-width of a ratio is that of its inverse', () => {
  expect(halfWidth({ low: 1 / 1.02, high: 1.02 })).toBeCloseTo(0.02, 12)
  expect(halfWidth({ low: 2, high: 2 * 1.05 ** 2 })).toBeCloseTo(0.05, 12)
})

test('a session stops at its precision, its blocks or its time, whichever comes first', () => {
  expect(stopReason(rule, underWay)).toBeUndefined()
  expect(stopReason(rule, { ...underWay, halfWidth: 0.02 })).toBe('precision')
  expect(stopReason(rule, { ...underWay, blocks: 40 })).toBe('blocks')
  expect(stopReason(rule, { ...underWay, elapsedSeconds: 591 })).toBe('time')
  expect(stopReason(rule, { ...underWay, elapsedSeconds: 590 })).toBeUndefined()
})

test('a narrow interval of few blocks does not stop a session', () => {
  expect(stopReason(rule, { ...underWay, blocks: 7, halfWidth: 0.001 })).toBeUndefined()
  expect(stopReason(rule, { ...underWay, blocks: 8, halfWidth: 0.001 })).toBe('precision')
})

test('after 3 pairs the needed number is a range, since the true spread may be twice as large', () => {
  const need = pairsNeeded(0.05, { n: 3, precision: 0.02 })
  // t(0.975, 26) · 0.05 / √27 = 0.01978 and ln 1.02 = 0.01980.
  expect(need.expected).toBe(27)
  // The 20 % quantile of χ² with 2 degrees of freedom is −2 ln 0.8 = 0.446: 2.117 times the spread.
  expect(need.atMost / need.expected).toBeGreaterThan(4)
  expect(need.atMost / need.expected).toBeLessThan(2.117 ** 2 + 0.1)
})

test('the needed number is at least the minimum number of blocks, and finite', () => {
  expect(pairsNeeded(0, { n: 3, precision: 0.02 })).toEqual({ expected: 8, atMost: 8 })
  expect(pairsNeeded(10, { n: 3, precision: 0.0001 }).atMost).toBeLessThan(110_000)
})

test('a precision of 0 or a single pair is an error', () => {
  expect(() => pairsNeeded(0.05, { n: 3, precision: 0 })).toThrow(RangeError)
  expect(() => pairsNeeded(0.05, { n: 1, precision: 0.02 })).toThrow(RangeError)
})
