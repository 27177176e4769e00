import { studentAbove } from '../distributions/student-t.ts'

/** The least-squares line through equally spaced values. */
export interface Slope {
  readonly perStep: number
  readonly mean: number
  /** Two-sided p of a slope of 0 (t test). */
  readonly p: number
  /** Standard error of `perStep`. */
  readonly error: number
}

/** Fits a line to values one step apart; p is 1 for fewer than 3. */
export function slope(values: readonly number[]): Slope {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const middle = (n - 1) / 2
  const spread = (n * (n * n - 1)) / 12
  const perStep =
    n < 2 ? 0 : values.reduce((sum, y, x) => sum + (x - middle) * (y - mean), 0) / spread
  const residue = values.reduce((sum, y, x) => sum + (y - mean - perStep * (x - middle)) ** 2, 0)
  if (n < 3) return { perStep, mean, p: 1, error: Number.POSITIVE_INFINITY }
  const error = Math.sqrt(residue / (n - 2) / spread)
  const p = perStep === 0 ? 1 : 2 * studentAbove(Math.abs(perStep) / error, n - 2)
  return { perStep, mean, p, error }
}
