import { expect, test } from 'vitest'
import { compare, type Pair } from '../../../src/stats/tests/comparison.ts'
import { marginOn, noiseFloor } from '../../../src/stats/tests/noise-floor.ts'

const off = [0.4, -1.1, 0.7, 1.6, -0.2, -1.4, 0.9, -0.6, 0.1, -0.8].map((x) => x / 100)

/** A comparison of ten pairs around a ratio. */
function comparison(ratio: number, scale = 1) {
  return compare(
    off.map((x): Pair => [1, ratio * Math.exp(scale * x)]),
    { better: 'more', margin: 0.03 },
  )
}

function session(n: number, alarms: number) {
  return noiseFloor(Array.from({ length: n }, (_, i) => comparison(i < alarms ? 1.1 : 1)))
}

test('of 20, 40 and 60 comparisons 3, 4 and 6 may be false alarms', () => {
  expect([20, 40, 60].map((n) => session(n, 0).maxFalseAlarms)).toEqual([3, 4, 6])
  expect(session(20, 3).trustworthy).toBe(true)
  expect(session(20, 4)).toMatchObject({ trustworthy: false, falseAlarms: 4, comparisons: 20 })
})

test('better and worse are both false alarms', () => {
  expect(noiseFloor([comparison(1.1), comparison(0.9), comparison(1)]).falseAlarms).toBe(2)
})

test('the share of false alarms has its own interval', () => {
  const { low, high } = session(40, 2).share
  // Clopper and Pearson: 2 of 40.
  expect(low).toBeCloseTo(0.0061, 4)
  expect(high).toBeCloseTo(0.1692, 4)
})

test('the floor is the half-width that 9 of 10 comparisons reach', () => {
  const eleven = Array.from({ length: 11 }, (_, i) => comparison(1, 1 + i))
  // Type 7: the 10th of 11 is the 0.9 quantile.
  const { low, high } = comparison(1, 10).ratio
  expect(noiseFloor(eleven).floor).toBeCloseTo(Math.sqrt(high / low) - 1, 12)
})

test('a margin is the noise floor of the host, and at least 3 %', () => {
  expect([undefined, 0.01, 0.08].map((floor) => marginOn(floor, 1))).toEqual([0.03, 0.03, 0.08])
})

test('four times as many pairs detect half the difference', () => {
  expect(marginOn(0.08, 4)).toBe(0.04)
  expect(marginOn(0.08, 100)).toBe(0.03)
})

test('no comparisons are an error', () => {
  expect(() => noiseFloor([])).toThrow(RangeError)
})
