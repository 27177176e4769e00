import { expect, test } from 'vitest'
import { weightedLeastConnections } from '../../src/algorithms/weighted-least-connections.ts'
import { countPicks } from '../support/algorithms/count-picks.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'

test('picks the fewest requests relative to the weight', () => {
  expect(
    pickerHarness(weightedLeastConnections, { weights: [1, 1, 1], inFlight: [3, 1, 2] }).pick(),
  ).toBe(1)
  // 2/1 against 4/3.
  expect(
    pickerHarness(weightedLeastConnections, { weights: [1, 3], inFlight: [2, 4] }).pick(),
  ).toBe(1)
})

test('an idle set takes smooth weighted turns', () => {
  // By hand through nginx's code: credits 1 3 → 1; 2 2, a tie, which goes to the first; −1 5 → 1; 0 4 → 1.
  const { picks } = pickerHarness(weightedLeastConnections, { weights: [1, 3] })
  expect(picks(8)).toEqual([1, 0, 1, 1, 1, 0, 1, 1])
})

test('equal load relative to the weight is a tie', () => {
  const { picks } = pickerHarness(weightedLeastConnections, { weights: [1, 3], inFlight: [1, 3] })
  expect(countPicks(picks(400), 2)).toEqual([100, 300])
})

test('only tied rows take turns', () => {
  const { picks } = pickerHarness(weightedLeastConnections, {
    weights: [1, 1, 1],
    inFlight: [0, 4, 0],
  })
  expect(picks(4)).toEqual([0, 2, 0, 2])
})

test('does not round large counts and weights', () => {
  // 2,000,000,001 ÷ 1,000,000 against 2,000,000,000 ÷ 999,999: the first is less by 2 parts in 10^9.
  const { pick } = pickerHarness(weightedLeastConnections, {
    weights: [999_999, 1_000_000],
    inFlight: [2_000_000_000, 2_000_000_001],
  })
  expect(pick()).toBe(1)
})
