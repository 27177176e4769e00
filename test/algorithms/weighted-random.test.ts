import { expect, test } from 'vitest'
import { weightedRandom } from '../../src/algorithms/weighted-random.ts'
import { countPicks } from '../support/algorithms/count-picks.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'
import { scriptedRandom } from '../support/algorithms/scripted-random.ts'

test('picks each row in proportion to its weight', () => {
  const picks = 70_000
  const counts = countPicks(pickerHarness(weightedRandom, { weights: [5, 1, 1] }).picks(picks), 3)
  for (const [row, share] of [5 / 7, 1 / 7, 1 / 7].entries()) {
    // Binomial: four standard deviations.
    const tolerance = 4 * Math.sqrt(picks * share * (1 - share))
    expect(Math.abs((counts[row] ?? 0) - picks * share)).toBeLessThan(tolerance)
  }
})

test('maps the draw to the first row whose running sum exceeds it', () => {
  const random = scriptedRandom([0, 6], [1, 6], [2, 6], [3, 6], [4, 6], [5, 6])
  expect(pickerHarness(weightedRandom, { weights: [1, 2, 3], random }).picks(6)).toEqual([
    0, 1, 1, 2, 2, 2,
  ])
})

test('skips rows that are down, and follows a weight at once', () => {
  const { table, picks } = pickerHarness(weightedRandom, { weights: [5, 5, 1], down: [0] })
  expect(countPicks(picks(100), 3)[0]).toBe(0)
  table.weight[1] = 0
  expect(picks(10)).toEqual(Array(10).fill(2))
})

test('the pick is −1 when all weights are 0', () => {
  expect(pickerHarness(weightedRandom, { weights: [0, 0] }).pick()).toBe(-1)
})
