import { holm } from './adjust.ts'
import type { Comparison } from './comparison.ts'

/**
 * The comparisons of one family, each with its p raised by Holm's method: where it no longer is below
 * the level, "better" and "worse" become "inconclusive". Without this, of 20 comparisons of equal arms one
 * would be expected to raise an alarm.
 */
export function adjustFamily<Each extends Comparison>(comparisons: readonly Each[]): Each[] {
  const adjusted = holm(comparisons.map(({ p }) => p))
  return comparisons.map((comparison, i) => {
    const p = adjusted[i] as number
    const differs = comparison.outcome === 'better' || comparison.outcome === 'worse'
    const unsure = differs && p > 1 - comparison.ratio.confidence
    return { ...comparison, p, outcome: unsure ? 'inconclusive' : comparison.outcome }
  })
}
