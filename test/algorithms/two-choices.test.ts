import { expect, test } from 'vitest'
import { twoChoices } from '../../src/algorithms/two-choices.ts'
import { seeded } from '../../src/kit/random.ts'
import { chiSquare, countPicks } from '../support/algorithms/count-picks.ts'
import { maxLoadAboveMean } from '../support/algorithms/max-load-above-mean.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'
import { scriptedRandom } from '../support/algorithms/scripted-random.ts'

// Traefik, pkg/server/service/loadbalancer/p2c/p2c_test.go: the draws are 1 and 0, 1 and 0, 1 and 1.
test.for([
  [[0, 0], 0, 1],
  [[0, 1], 0, 0],
  [[10, 90, 40], 1, 2],
] as const)(
  'with %j in flight it draws 1, then %i of the others, and takes %i',
  ([inFlight, second, taken]) => {
    const n = inFlight.length
    const random = scriptedRandom([1, n], [second, n - 1])
    const weights = Array(n).fill(1)
    expect(pickerHarness(twoChoices, { weights, inFlight, random }).pick()).toBe(taken)
  },
)

test('never picks the busier of two', () => {
  // Drawing the same one twice would let it through one time in four.
  const { picks } = pickerHarness(twoChoices, { weights: [1, 1], inFlight: [1, 0] })
  expect(countPicks(picks(1000), 2)).toEqual([0, 1000])
})

test('picks the first drawn of a tie, so that no row is favoured', () => {
  const { picks } = pickerHarness(twoChoices, { weights: [1, 1, 1, 1] })
  // χ² with 3 degrees of freedom exceeds 16.3 once in 1,000 seeds.
  expect(chiSquare(countPicks(picks(40_000), 4), [1, 1, 1, 1])).toBeLessThan(16.3)
})

test('works with a single backend', () => {
  expect(pickerHarness(twoChoices, { weights: [1] }).pick()).toBe(0)
  expect(pickerHarness(twoChoices, { weights: [1, 1, 1], down: [0, 2] }).pick()).toBe(1)
})

test.for([
  [10, 1.2, 200],
  [100, 2.0, 200],
  [1000, 2.05, 50],
] as const)(
  'puts 100 n requests on %i backends so that the fullest has %f above the mean',
  ([n, expected, trials]) => {
    const found = maxLoadAboveMean(twoChoices, n, { trials, dice: seeded(7) })
    // It scatters by less than half a request: four standard errors, and the rounding.
    expect(Math.abs(found - expected)).toBeLessThan((4 * 0.5) / Math.sqrt(trials) + 0.05)
  },
)
