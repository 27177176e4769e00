import { expect, test } from 'vitest'
import { seeded } from '../../../src/kit/random.ts'
import { excessTest } from '../../../src/stats/sequential/excess-test.ts'

test('the capital follows by hand', () => {
  const test = excessTest(0.1, 0.01)
  const mean = (of: (stake: number) => number) =>
    [0.03, 0.06, 0.12, 0.25, 0.5, 0.9].reduce((sum, stake) => sum + of(stake) / 6, 0)
  test.add(0.5)
  // (0.5 − 0.1) / 0.1 = 4 times the stake.
  expect(test.logCapital).toBeCloseTo(Math.log(mean((stake) => 1 + 4 * stake)), 12)
  test.add(0.1)
  test.add(0)
  expect(test.logCapital).toBeCloseTo(Math.log(mean((stake) => (1 + 4 * stake) * (1 - stake))), 12)
})

test('one block in which everything fails decides nothing, the next but one does', () => {
  const test = excessTest(0.01, 0.01)
  test.add(1)
  test.add(1)
  expect(test.isDecided).toBe(false)
  test.add(1)
  expect(test.isDecided).toBe(true)
})

test('fractions at the limit decide nothing, all failures do', () => {
  const [quiet, broken] = [excessTest(0.01, 0.01), excessTest(0.01, 0.01)]
  for (let block = 0; block < 1000; block++) quiet.add(0.01)
  expect(quiet.isDecided).toBe(false)
  for (let block = 0; block < 6; block++) broken.add(1)
  expect(broken.isDecided).toBe(true)
})

test('once decided it stays decided', () => {
  const test = excessTest(0.01, 0.01)
  for (let block = 0; block < 10; block++) test.add(1)
  for (let block = 0; block < 1000; block++) test.add(0)
  expect(test.isDecided).toBe(true)
})

test('of 2,000 sequences whose mean is the limit, at most 1 % are ever decided, whatever their shape', () => {
  const random = seeded(11)
  const limit = 0.02
  const shapes = [
    () => (random() < limit ? 1 : 0),
    () => 2 * limit * random(),
    () => (random() < 2 * limit ? 0.5 : 0),
    () => limit / 2 + (random() < limit / 2 ? 1 : 0),
  ]
  for (const shape of shapes) {
    let decided = 0
    for (let run = 0; run < 500; run++) {
      const test = excessTest(limit, 0.01)
      for (let block = 0; block < 120; block++) test.add(shape())
      if (test.isDecided) decided++
    }
    expect(decided).toBeLessThanOrEqual(5)
  }
})
