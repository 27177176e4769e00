import { expect, test } from 'vitest'
import { weighted } from '../../src/algorithms/weighted.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'

// nginx's published example, and recomputed ones.
test.for([
  [[5, 1, 1], 'aabacaa'],
  [[1, 2], 'bab'],
  [[3, 1], 'aaba'],
  [[4, 3, 2], 'abcabacba'],
  [[1, 2, 3], 'cbacbc'],
  [[5, 3, 1], 'abacababa'],
  [[10, 1, 1], 'aaaabaaacaaa'],
] as const)('%j gives %s, twice over', ([weights, sequence]) => {
  const { picks } = pickerHarness(weighted, { weights })
  const letters = picks(2 * sequence.length).map((row) => 'abc'[row])
  expect(letters.join('')).toBe(sequence + sequence)
})

test('all credits are 0 after a full round', () => {
  const { picks, shared } = pickerHarness(weighted, { weights: [7, 4, 2] })
  picks(13)
  expect([...shared.ints.subarray(2)]).toEqual([0, 0, 0])
})

test('distributes the turns of a backend that is down by the weights of the others', () => {
  expect(pickerHarness(weighted, { weights: [1, 1, 1], down: [1] }).picks(4)).toEqual([0, 2, 0, 2])
  const { picks } = pickerHarness(weighted, { weights: [2, 9, 1], down: [1] })
  expect(picks(6)).toEqual([0, 2, 0, 0, 2, 0])
})

test('follows a changed weight in spite of old credits', () => {
  const { table, picks } = pickerHarness(weighted, { weights: [1000, 1] })
  picks(500)
  table.weight[0] = 1
  // Credits and debts are cut every 16th turn, to Σ weight = 2 at most.
  picks(16)
  const share = picks(20).filter((row) => row === 0).length
  expect(Math.abs(share - 10)).toBeLessThanOrEqual(2)
})

test('the pick is −1 when all weights are 0', () => {
  expect(pickerHarness(weighted, { weights: [0, 0] }).pick()).toBe(-1)
})
