import { holm } from './adjust.ts'
import type { Comparison } from './comparison.ts'

/**
 * The comparisons of one family, each with its p raised by Holm's method: where it no longer is below
 * the level, "better" and "worse" become "inconclusive". Without this, of 20 comparisons of equal arms one
 * would be expected to raise an alarm.
 *
 * An exact rank test of few trials has a minimum p, which the size of a family can raise above the level, so that no
 * difference could ever be found: 7 × 1/128 with 8 pairs. There the p of the t test is used (Welch's between samples that
 * are not paired), which has no minimum. The choice depends on the numbers of trials and comparisons only, never on values.
 */
export function adjustFamily<Each extends Comparison>(comparisons: readonly Each[]): Each[] {
  const size = comparisons.length
  const adjusted = holm(
    comparisons.map(({ p, minP, beside, ratio }) =>
      minP * size > 1 - ratio.confidence ? beside.p : p,
    ),
  )
  return comparisons.map((comparison, i) => {
    const p = adjusted[i] as number
    const differs = comparison.outcome === 'better' || comparison.outcome === 'worse'
    const unsure = differs && p > 1 - comparison.ratio.confidence
    return { ...comparison, p, outcome: unsure ? 'inconclusive' : comparison.outcome }
  })
}
