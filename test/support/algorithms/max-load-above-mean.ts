import type { Algorithm } from '../../../src/algorithms/algorithm.ts'
import type { Random } from '../../../src/kit/random.ts'
import { pickerHarness } from './picker-harness.ts'

/**
 * Puts 100 n requests on n backends, none of which ever ends, and tells how far above the mean the
 * fullest backend is, on average over the trials: balls into bins.
 */
export function maxLoadAboveMean(
  algorithm: Algorithm,
  n: number,
  { trials, dice }: { readonly trials: number; readonly dice: Random },
): number {
  let sum = 0
  for (let trial = 0; trial < trials; trial++) {
    const { table, picker } = pickerHarness(algorithm, { weights: Array(n).fill(1), random: dice })
    const choice = { key: '', now: 0, tried: undefined }
    for (let request = 0; request < 100 * n; request++) {
      const row = picker.pick(choice)
      table.inFlight[row] = (table.inFlight[row] as number) + 1
    }
    sum += Math.max(...table.inFlight) - 100
  }
  return sum / trials
}
