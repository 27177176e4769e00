import { studentQuantile } from '../distributions/student-t.ts'
import { mean, standardDeviation } from './moments.ts'

/** A ratio of two means, with Fieller's interval. */
export interface Ratio {
  readonly ratio: number
  /** Undefined where the denominator may be 0: the ratio then has no bounded interval. */
  readonly interval: { readonly low: number; readonly high: number } | undefined
}

/**
 * The ratio of the means of two independent samples, with Fieller's interval: the ratios r for which
 * numerator − r · denominator may be 0, by a t test with n + m − 2 degrees of freedom.
 *
 * Source: Fieller, Journal of the Royal Statistical Society B 16(2), 1954.
 */
export function fieller(
  numerator: readonly number[],
  denominator: readonly number[],
  confidence = 0.95,
): Ratio {
  const [a, b] = [mean(numerator), mean(denominator)]
  const [n, m] = [numerator.length, denominator.length]
  const t = studentQuantile((1 + confidence) / 2, n + m - 2)
  const square = b ** 2 - (t ** 2 * standardDeviation(denominator) ** 2) / m
  const remainder = a ** 2 - (t ** 2 * standardDeviation(numerator) ** 2) / n
  const root = Math.sqrt((a * b) ** 2 - square * remainder)
  return {
    ratio: a / b,
    interval:
      square > 0 ? { low: (a * b - root) / square, high: (a * b + root) / square } : undefined,
  }
}
