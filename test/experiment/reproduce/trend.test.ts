import { describe, expect, test } from 'vitest'
import {
  compareEfficiency,
  compareOrder,
  compareRatio,
  documentedRatio,
} from '../../../src/experiment/reproduce/trend.ts'
import type { Summary } from '../../../src/result/document.ts'

const interval = (low: number, high: number): Summary => ({
  ...{ center: Math.sqrt(low * high), low, high },
  ...{ estimator: 'pseudo-median', interval: 'confidence', confidence: 0.95, n: 8, warnings: [] },
})
const exact = (value: number) => ({ value, low: value, high: value })

describe('a documented ratio of 0.9, with δ of 3 %', () => {
  test.for([
    [0.85, 0.95, 'agrees', 'it contains 0.9 and excludes 1'],
    [0.6, 0.8, 'differs', 'all of it is lower'],
    [0.99, 1.01, 'differs', 'the rows are the same'],
    [0.85, 1.05, 'inconclusive', 'it contains 1 too'],
    [0.905, 0.915, 'agrees', 'it excludes 0.9 by less than δ'],
  ] as const)('and an interval of %d to %d: %s, because %s', ([low, high, answer]) => {
    expect(compareRatio(exact(0.9), interval(low, high), 0.03)).toBe(answer)
  })
})

test('documented as equal, an interval within δ agrees and a wide one is inconclusive', () => {
  expect(compareRatio(exact(1), interval(0.98, 1.02), 0.03)).toBe('agrees')
  expect(compareRatio(exact(1), interval(0.8, 1.2), 0.03)).toBe('inconclusive')
})

test('a ratio within the rounding of the documented figures agrees', () => {
  // 2.5 and 2.6 to one digit: anything from 2.55 / 2.55 to 2.65 / 2.45.
  const ratio = documentedRatio({ value: 2.6, slack: 0.05 }, { value: 2.5, slack: 0.05 })
  expect(ratio.low).toBeCloseTo(1, 12)
  expect(ratio.high).toBeCloseTo(2.65 / 2.45, 12)
  expect(compareRatio(ratio, interval(1.065, 1.08), 0.001)).toBe('agrees')
})

test('an efficiency with an interval wider than ± 10 % is inconclusive', () => {
  expect(compareEfficiency(exact(0.95), interval(0.9, 1), 0.03)).toBe('agrees')
  expect(compareEfficiency(exact(0.95), interval(0.7, 1.2), 0.03)).toBe('inconclusive')
  expect(compareEfficiency(exact(0.95), interval(0.5, 0.7), 0.03)).toBe('differs')
})

test.for([
  [1.1, 1.2, 'agrees'],
  [0.8, 0.9, 'differs'],
  [0.99, 1.01, 'differs'],
  [0.9, 1.3, 'inconclusive'],
] as const)(
  'documented as more, an interval of %d to %d has the order: %s',
  ([low, high, answer]) => {
    expect(compareOrder(1.2, interval(low, high), 0.03)).toBe(answer)
  },
)
