import { studentAbove, studentQuantile } from '../distributions/student-t.ts'
import { mean, standardDeviation } from '../estimates/moments.ts'

/** The result of Welch's test of the difference of two means. */
export interface Welch {
  readonly t: number
  readonly df: number
  /** Two-sided. */
  readonly p: number
  /** Of mean x − mean y. */
  readonly low: number
  readonly high: number
}

/**
 * The difference of the means of two independent samples whose variances may differ.
 *
 * Source: Welch, Biometrika 34, 1947.
 */
export function welch(x: readonly number[], y: readonly number[], confidence = 0.95): Welch {
  const [a, b] = [squaredError(x), squaredError(y)]
  const error = Math.sqrt(a + b)
  const df = (a + b) ** 2 / (a ** 2 / (x.length - 1) + b ** 2 / (y.length - 1))
  const difference = mean(x) - mean(y)
  const t = difference / error
  const reach = studentQuantile((1 + confidence) / 2, df) * error
  return {
    t,
    df,
    p: 2 * studentAbove(Math.abs(t), df),
    low: difference - reach,
    high: difference + reach,
  }
}

/** Squared standard error of a mean. */
function squaredError(values: readonly number[]): number {
  return standardDeviation(values) ** 2 / values.length
}
