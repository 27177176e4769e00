import type { Random } from '../kit/random.ts'
import type { Load } from '../plan/plan.ts'

/**
 * The arrival times of an open loop, one per call, rising from `beginMs` on, in milliseconds. Either evenly
 * spaced or a Poisson process, whose gaps are exponential, as of many clients that do not know each other. Evenly spaced
 * ones begin `offset` seconds later.
 */
export function arrivals(
  { rate, spacing, offset = 0 }: NonNullable<Load['arrivals']>,
  beginMs: number,
  random: Random,
): () => number {
  const gapMs = 1e3 / rate
  let count = 0
  const firstMs = beginMs + offset * 1e3
  let dueMs = beginMs
  return spacing === 'constant'
    ? // A product instead of a sum, so that rounding errors do not add up.
      () => firstMs + count++ * gapMs
    : () => {
        dueMs -= Math.log(1 - random()) * gapMs
        return dueMs
      }
}
