import { expect, test } from 'vitest'
import { random } from '../../src/algorithms/random.ts'
import { seeded } from '../../src/kit/random.ts'
import { chiSquare, countPicks } from '../support/algorithms/count-picks.ts'
import { maxLoadAboveMean } from '../support/algorithms/max-load-above-mean.ts'
import { pickerHarness } from '../support/algorithms/picker-harness.ts'

test('picks each of six equally often', () => {
  const { picks } = pickerHarness(random, { weights: Array(6).fill(1) })
  // χ² with 5 degrees of freedom exceeds 20.5 once in 1,000 seeds.
  expect(chiSquare(countPicks(picks(60_000), 6), Array(6).fill(1))).toBeLessThan(20.5)
})

test.for([
  ['most are eligible', [1, 4]],
  // One draw in 32 finds a row, so that more than half of the picks have to count and walk.
  ['few are eligible', Array.from({ length: 62 }, (_, i) => i + 1)],
] as const)('picks each eligible row equally often when %s', ([, down]) => {
  const { picks } = pickerHarness(random, { weights: Array(64).fill(1), down })
  const open = 64 - down.length
  const counts = countPicks(picks(20_000), 64)
  expect(down.map((row) => counts[row])).toEqual(down.map(() => 0))
  const eligible = counts.filter((_, row) => !(down as readonly number[]).includes(row))
  // The 1 in 1,000 point of χ² with k degrees of freedom is below k + 3.1 √(2k) + 8 (Laurent, Massart).
  const k = open - 1
  expect(chiSquare(eligible, Array(open).fill(1))).toBeLessThan(k + 3.1 * Math.sqrt(2 * k) + 8)
})

// Expected: the mean of the largest of n Poisson(100) counts, less 100. Its standard deviation comes third.
test.for([
  [10, 15.66, 6.2, 200],
  [100, 25.96, 4.7, 200],
  [1000, 33.97, 3.9, 50],
] as const)(
  'puts 100 n requests on %i backends so that the fullest has %f above the mean',
  ([n, expected, deviation, trials]) => {
    const found = maxLoadAboveMean(random, n, { trials, dice: seeded(7) })
    // Four standard errors.
    expect(Math.abs(found - expected)).toBeLessThan((4 * deviation) / Math.sqrt(trials))
  },
)
