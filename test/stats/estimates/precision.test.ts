import { expect, test } from 'vitest'
import {
  effectFound,
  halfWidth,
  pairsNeeded,
  pairsToFind,
  stopReason,
} from '../../../src/stats/estimates/precision.ts'

const rule = { precision: 0.02, maxBlocks: 40, maxSeconds: 600 }
const underWay = { blocks: 10, halfWidth: 0.05, elapsedSeconds: 100, secondsPerBlock: 10 }

test('the half-width of a ratio is the same seen from either arm', () => {
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

test('a session does not believe a narrow interval of few blocks', () => {
  expect(stopReason(rule, { ...underWay, blocks: 7, halfWidth: 0.001 })).toBeUndefined()
  expect(stopReason(rule, { ...underWay, blocks: 8, halfWidth: 0.001 })).toBe('precision')
})

test('ten pairs find 5 % with a power of 90 % if their log-ratios have an SD of 4.3 %', () => {
  // The published figure is rounded; the formula gives 5.03 % and 10.1 pairs.
  expect(effectFound(10, { spread: 0.043 })).toBeCloseTo(0.05, 3)
  expect(Math.abs(pairsToFind(0.05, { spread: 0.043 }) - 10)).toBeLessThanOrEqual(1)
})

test('what is found and what it takes are each other’s inverse', () => {
  for (const spread of [0.01, 0.05, 0.2]) {
    const n = pairsToFind(0.05, { spread })
    expect(effectFound(n, { spread })).toBeLessThanOrEqual(0.05)
    expect(effectFound(n - 1, { spread })).toBeGreaterThan(0.05)
  }
  expect(effectFound(1, { spread: 0.01 })).toBe(Number.POSITIVE_INFINITY)
})

test('after 3 pairs the need is known as a range: their spread may be half of the true one', () => {
  const need = pairsNeeded(0.05, { n: 3, precision: 0.02 })
  // t(0.975, 26) · 0.05 / √27 = 0.01978 and ln 1.02 = 0.01980.
  expect(need.expected).toBe(27)
  // The 20 % quantile of χ² with 2 degrees of freedom is −2 ln 0.8 = 0.446: 2.117 times the spread.
  expect(need.atMost / need.expected).toBeGreaterThan(4)
  expect(need.atMost / need.expected).toBeLessThan(2.117 ** 2 + 0.1)
})

test('a need is never below the fewest blocks that can stop, nor endless', () => {
  expect(pairsNeeded(0, { n: 3, precision: 0.02 })).toEqual({ expected: 8, atMost: 8 })
  expect(pairsNeeded(10, { n: 3, precision: 0.0001 }).atMost).toBeLessThan(110_000)
})

test('refuses a precision or a sample that says nothing', () => {
  expect(() => pairsNeeded(0.05, { n: 3, precision: 0 })).toThrow(RangeError)
  expect(() => pairsNeeded(0.05, { n: 1, precision: 0.02 })).toThrow(RangeError)
})
