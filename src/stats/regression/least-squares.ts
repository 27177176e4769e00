import { type Matrix, solve } from '../numeric/linear-system.ts'

/** The residuals of a curve at some parameters, and their derivatives, one row per point. */
export interface Residuals {
  readonly values: readonly number[]
  readonly jacobian: Matrix
}

/** The result of a fit. */
export interface Minimum {
  readonly parameters: readonly number[]
  /** Sum of squared residuals. */
  readonly rss: number
}

/**
 * The parameters that minimise the sum of squared residuals, from `start`, by Levenberg's and
 * Marquardt's method with Marquardt's scaling: parameters may differ by orders of magnitude. `residuals`
 * returns undefined outside its domain; such a step is not taken.
 *
 * ml-levenberg-marquardt was tried: it clamps at bounds, and stops away from the minimum when the
 * minimum lies on one.
 *
 * Source: Marquardt, Journal of SIAM 11(2), 1963.
 */
export function leastSquares(
  residuals: (parameters: readonly number[]) => Residuals | undefined,
  start: readonly number[],
): Minimum | undefined {
  let at = residuals(start)
  if (at === undefined) return undefined
  let best: Minimum = { parameters: start, rss: sumOfSquares(at.values) }
  let damping = 1e-3
  for (let i = 0; i < 500 && damping < 1e12; i++) {
    const step = dampedStep(at, damping)
    const parameters = best.parameters.map((value, j) => value - (step[j] as number))
    const there = residuals(parameters)
    const rss = there === undefined ? Number.POSITIVE_INFINITY : sumOfSquares(there.values)
    if (there === undefined || !(rss <= best.rss)) {
      damping *= 4
      continue
    }
    const settled = parameters.every(
      (value, j) => Math.abs(value - (best.parameters[j] as number)) <= 1e-14 * Math.abs(value),
    )
    at = there
    best = { parameters, rss }
    if (settled) break
    damping = Math.max(1e-15, damping / 10)
  }
  return best
}

/** JᵀJ of a jacobian. */
export function normalMatrix(jacobian: Matrix): number[][] {
  const n = jacobian[0]?.length ?? 0
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) =>
      jacobian.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0),
    ),
  )
}

function dampedStep({ values, jacobian }: Residuals, damping: number): readonly number[] {
  const matrix = normalMatrix(jacobian)
  const gradient = matrix.map((_, j) =>
    jacobian.reduce((sum, row, i) => sum + (row[j] as number) * (values[i] as number), 0),
  )
  const damped = matrix.map((row, i) =>
    row.map((value, j) => (i === j ? value * (1 + damping) : value)),
  )
  return solve(damped, gradient) ?? gradient.map(() => 0)
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value ** 2, 0)
}
