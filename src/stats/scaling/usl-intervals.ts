import { studentQuantile } from '../distributions/student-t.ts'
import type { Interval } from '../estimates/interval.ts'
import { inverse } from '../numeric/linear-system.ts'
import { root } from '../numeric/root.ts'
import { normalMatrix } from '../regression/least-squares.ts'
import { fitUsl, type ScalingPoint, type Usl, type UslFit, uslGradient } from './usl.ts'

/** Intervals of the parameters of a fit. */
export interface UslIntervals {
  /** Degrees of freedom: points less parameters. */
  readonly df: number
  /** Standard error of the residuals, in requests per second. */
  readonly residualError: number
  /** By the delta method, ignoring bounds. */
  readonly standardErrors: Usl
  /** The estimate ± t standard errors; may exceed a bound. */
  readonly delta: Readonly<Record<keyof Usl, Interval>>
  /** By profile likelihood within the bounds: one-sided where the estimate lies on one. */
  readonly profile: Readonly<Record<keyof Usl, Interval>>
}

const names = ['lambda', 'sigma', 'kappa'] as const
const bounds: Readonly<Record<keyof Usl, Interval>> = {
  lambda: { low: 0, high: Number.POSITIVE_INFINITY },
  sigma: { low: 0, high: 1 },
  kappa: { low: 0, high: Number.POSITIVE_INFINITY },
}

/**
 * Intervals of a bounded fit; undefined without degrees of freedom, or where the points do not
 * determine the parameters.
 *
 * Source: Bates and Watts, Nonlinear Regression Analysis and Its Applications, 1988, chapters 2 and 6.
 */
export function uslIntervals(
  points: readonly ScalingPoint[],
  fit: UslFit,
  confidence = 0.95,
): UslIntervals | undefined {
  const errors = uslErrors(points, fit)
  if (errors === undefined) return undefined
  const { df, residualError, standardErrors } = errors
  const t = studentQuantile((1 + confidence) / 2, df)
  // F with one degree of freedom is t².
  const ceiling = fit.rss * (1 + t ** 2 / df)
  return {
    df,
    residualError,
    standardErrors,
    delta: each((name) => {
      const reach = t * standardErrors[name]
      return { low: fit[name] - reach, high: fit[name] + reach }
    }),
    profile: each((name) => profile(points, { fit, name, ceiling })),
  }
}

/**
 * Degrees of freedom, residual error and standard errors (delta method) of a fit, with bounds or without; undefined without
 * degrees of freedom, or where the points do not determine the parameters.
 */
export function uslErrors(
  points: readonly ScalingPoint[],
  fit: UslFit,
): Pick<UslIntervals, 'df' | 'residualError' | 'standardErrors'> | undefined {
  const df = points.length - names.length
  const covariance = inverse(normalMatrix(points.map(({ n }) => uslGradient(fit, n))))
  if (df < 1 || covariance === undefined) return undefined
  const residualError = Math.sqrt(fit.rss / df)
  const standardErrors = each((_, i) => residualError * Math.sqrt(covariance[i]?.[i] as number))
  return { df, residualError, standardErrors }
}

function each<Value>(make: (name: keyof Usl, i: number) => Value): Record<keyof Usl, Value> {
  const entries = names.map((name, i) => [name, make(name, i)])
  return Object.fromEntries(entries) as Record<keyof Usl, Value>
}

interface Profiled {
  readonly fit: UslFit
  readonly name: keyof Usl
  /** Maximum sum of squares of parameter values inside the interval. */
  readonly ceiling: number
}

/** The values of one parameter for which the best fit of the others stays below the ceiling. */
function profile(points: readonly ScalingPoint[], { fit, name, ceiling }: Profiled): Interval {
  const excess = (value: number) => fitUsl(points, { [name]: value }).rss - ceiling
  const estimate = fit[name]
  // With all points on the curve the interval is a point.
  if (!(excess(estimate) < 0)) return { low: estimate, high: estimate }
  const { low, high } = bounds[name]
  let reach = Number.isFinite(high) ? high : 2 * estimate + 1e-6
  while (!Number.isFinite(high) && excess(reach) < 0 && reach < 1e12) reach *= 2
  const lowest = low === 0 && name === 'lambda' ? estimate * 1e-9 : low
  return {
    low: excess(lowest) <= 0 ? low : root(excess, lowest, estimate),
    high: excess(reach) <= 0 ? high : root(excess, estimate, reach),
  }
}
