import { studentAbove } from '../distributions/student-t.ts'

/** The least-squares line through equally spaced values. */
export interface Slope {
  readonly perStep: number
  readonly mean: number
  /** Whether a slope of 0 is ruled out at the 5 % level (two-sided t test). */
  readonly significant: boolean
}

/** Fits a line to values one step apart; never significant for fewer than 3. */
export function slope(values: readonly number[]): Slope {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const middle = (n - 1) / 2
  const spread = (n * (n * n - 1)) / 12
  const perStep =
    n < 2 ? 0 : values.reduce((sum, y, x) => sum + (x - middle) * (y - mean), 0) / spread
  const residue = values.reduce((sum, y, x) => sum + (y - mean - perStep * (x - middle)) ** 2, 0)
  const error = Math.sqrt(residue / (n - 2) / spread)
  const tail = perStep === 0 ? 0.5 : studentAbove(Math.abs(perStep) / error, n - 2)
  return { perStep, mean, significant: n >= 3 && 2 * tail < 0.05 }
}
