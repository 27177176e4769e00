import type { Random } from '../kit/random.ts'
import type { Load } from '../plan/plan.ts'

/**
 * When requests are due, one after another from `beginMs` on, in milliseconds. Evenly spaced, or as a
 * Poisson process: gaps are exponential, as those of many clients who know nothing of each other.
 */
export function arrivals(
  { rate, spacing }: NonNullable<Load['arrivals']>,
  beginMs: number,
  random: Random,
): () => number {
  const gapMs = 1e3 / rate
  let count = 0
  let dueMs = beginMs
  return spacing === 'constant'
    ? // A product, not a sum: the hundred-thousandth is as exact as the first.
      () => beginMs + count++ * gapMs
    : () => {
        dueMs -= Math.log(1 - random()) * gapMs
        return dueMs
      }
}
