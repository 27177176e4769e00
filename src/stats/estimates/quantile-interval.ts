import { binomialQuantile, binomialUpTo } from '../distributions/binomial.ts'

/** The order statistics that bound a quantile; ranks from 1, undefined where the sample sets no bound. */
export interface QuantileRanks {
  readonly lower: number | undefined
  readonly upper: number | undefined
  /** Probability that the two bound the quantile; undefined unless both do. */
  readonly coverage: number | undefined
}

/**
 * The order statistics of `n` independent values that bound their `p`-quantile (0–1), for any
 * distribution. A high quantile of a small sample has no upper bound: its maximum is none.
 *
 * Source: Hahn and Meeker, Statistical Intervals, 1991, section 5.2.
 */
export function quantileRanks(n: number, p: number, confidence = 0.95): QuantileRanks {
  const tail = (1 - confidence) / 2
  const lower = binomialQuantile(tail, n, p)
  const upper = binomialQuantile(1 - tail, n, p) + 1
  const bounded = lower >= 1 && upper <= n
  return {
    lower: lower >= 1 ? lower : undefined,
    upper: upper <= n ? upper : undefined,
    coverage: bounded ? binomialUpTo(upper - 1, n, p) - binomialUpTo(lower - 1, n, p) : undefined,
  }
}
