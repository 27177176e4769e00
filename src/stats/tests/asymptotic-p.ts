import { normalAbove } from '../distributions/normal.ts'
import type { Alternative } from '../distributions/rank-sums.ts'

/** A rank statistic, for its normal approximation. */
export interface Deviation {
  /** The statistic less its mean. */
  readonly excess: number
  readonly variance: number
  readonly alternative: Alternative
  readonly method: 'asymptotic' | 'asymptotic-continuity'
}

/** Probability of a rank statistic as extreme as this; 1 where all values are equal. */
export function asymptoticP({ excess, variance, alternative, method }: Deviation): number {
  if (variance === 0) return 1
  const towards = { 'two-sided': Math.sign(excess), greater: 1, less: -1 }[alternative]
  const step = method === 'asymptotic-continuity' ? 0.5 : 0
  const z = (excess - towards * step) / Math.sqrt(variance)
  if (alternative === 'two-sided') return Math.min(1, 2 * normalAbove(Math.abs(z)))
  return normalAbove(towards * z)
}
