import type { Algorithm } from '../../../src/algorithms/algorithm.ts'
import type { Random } from '../../../src/kit/random.ts'
import { pickerHarness } from './picker-harness.ts'

/**
 * Sends 100 n requests that never end to n backends, and returns by how much the maximum load of a backend
 * exceeds the mean, averaged over the trials: balls into bins.
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
