import { studentAbove, studentQuantile } from '../distributions/student-t.ts'
import type { Estimate } from './interval.ts'
import { mean, standardDeviation } from './moments.ts'

/** The mean with its t interval, for values that are about normal. Needs two values. */
export function meanInterval(values: readonly number[], confidence = 0.95): Estimate {
  const n = values.length
  const center = mean(values)
  const error = standardDeviation(values) / Math.sqrt(n)
  const reach = studentQuantile((1 + confidence) / 2, n - 1) * error
  return { center, low: center - reach, high: center + reach, confidence }
}

/** Two-sided p of the one-sample t test against a mean of 0. Needs two values. */
export function studentP(values: readonly number[]): number {
  const error = standardDeviation(values) / Math.sqrt(values.length)
  const center = mean(values)
  if (error === 0) return center === 0 ? 1 : 0
  return 2 * studentAbove(Math.abs(center) / error, values.length - 1)
}
