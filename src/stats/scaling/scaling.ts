import { studentQuantile } from '../distributions/student-t.ts'
import {
  fitUsl,
  fitUslUnbounded,
  type ScalingPoint,
  type Usl,
  type UslFit,
  uslRate,
} from './usl.ts'
import { type UslIntervals, uslErrors, uslIntervals } from './usl-intervals.ts'

/**
 * What so many core counts allow: `exact`, a curve through 3 points that says nothing of its error;
 * `provisional`, 4 or 5; `published`, 6 or more.
 */
type Standing = 'exact' | 'provisional' | 'published'

/** What qualifies a fit: a code and its figures, which reports word. */
type FitWarning =
  /** Throughput grew faster than the cores between these core counts, beyond its error; parameters that are negative without bounds. */
  | {
      code: 'superlinear'
      values: { from: number; to: number; sigma?: number; kappa?: number }
    }
  | { code: 'fit-exact' | 'fit-provisional'; values: Record<string, never> }
  /** The parameter ended on this bound, so that its interval is one-sided. */
  | { code: 'fit-on-bound'; values: { parameter: 'sigma' | 'kappa'; bound: number } }

/** The scaling law of one arm. */
export interface ScalingFit {
  readonly parameters: UslFit
  readonly standing: Standing
  /** Undefined for an exact fit. */
  readonly intervals: UslIntervals | undefined
  /** The parameters that ended on a bound. */
  readonly boundary: readonly ('sigma' | 'kappa')[]
  /** Where throughput is greatest; undefined unless the points show that it falls again, and beyond them for fewer than 6. */
  readonly peak: ScalingPoint | undefined
  /** Rate that no number of cores exceeds, were there contention only (Amdahl): λ/σ. Undefined without contention. */
  readonly limit: number | undefined
  readonly warnings: readonly FitWarning[]
}

/** Below this a negative parameter is rounding error. */
const negligible = 1e-9

/**
 * Fits the Universal Scalability Law to the valid rows of one arm, one point a core count (rows with more
 * cores than the host has are left out by the caller). Undefined for fewer than 3 core counts.
 *
 * @throws {RangeError} a rate is not above 0.
 */
export function scaling(points: readonly ScalingPoint[]): ScalingFit | undefined {
  const distinct = new Set(points.map(({ n }) => n)).size
  if (distinct < 3) return undefined
  const parameters = fitUsl(points)
  const standing = distinct === 3 ? 'exact' : distinct < 6 ? 'provisional' : 'published'
  const intervals = standing === 'exact' ? undefined : uslIntervals(points, parameters)
  const boundary = (['sigma', 'kappa'] as const).filter(
    (name) => parameters[name] === 0 || (name === 'sigma' && parameters.sigma === 1),
  )
  const evident =
    boundary.length === 0 && intervals !== undefined && intervals.profile.kappa.low > 0
  const peak = evident ? peakOf(parameters) : undefined
  const measured = Math.max(...points.map(({ n }) => n))
  const known = peak !== undefined && (standing === 'published' || peak.n <= measured)
  return {
    parameters,
    standing,
    intervals,
    boundary,
    peak: known ? peak : undefined,
    limit: parameters.sigma > 0 ? parameters.lambda / parameters.sigma : undefined,
    warnings: [...superlinear(points), ...reservations(standing, boundary, parameters)],
  }
}

/** Where the rate is greatest: √((1 − σ)/κ). */
function peakOf(usl: Usl): ScalingPoint {
  const n = Math.sqrt((1 - usl.sigma) / usl.kappa)
  return { n, rate: uslRate(usl, n) }
}

/**
 * Throughput that grew faster than the cores, beyond its error: the intervals of two rows exclude a growth as slow as that
 * of the cores; or, where rows have no intervals, a parameter of the fit without bounds is below 0 with its interval.
 */
function superlinear(points: readonly ScalingPoint[]): FitWarning[] {
  const free = fitUslUnbounded(points)
  const below = (['sigma', 'kappa'] as const).filter((name) => free[name] < -negligible)
  const steepest = steepestGrowth(points)
  if (below.length === 0 || steepest === undefined || !isBeyondError(points, free)) return []
  const values = Object.fromEntries(below.map((name) => [name, free[name]]))
  return [{ code: 'superlinear', values: { ...steepest, ...values } }]
}

/** The two core counts between which throughput per core grew most, by the nearer ends of its intervals; undefined where it nowhere grew. */
function steepestGrowth(points: readonly ScalingPoint[]): { from: number; to: number } | undefined {
  const pairs = points.flatMap((from) =>
    points.flatMap((to) => {
      if (to.n <= from.n) return []
      const growth = (to.interval?.low ?? to.rate) / (from.interval?.high ?? from.rate)
      return [{ from: from.n, to: to.n, perCore: (growth * from.n) / to.n }]
    }),
  )
  const grown = pairs.filter(({ perCore }) => perCore > 1 + negligible)
  if (grown.length === 0) return undefined
  const { from, to } = grown.reduce((a, b) => (b.perCore > a.perCore ? b : a))
  return { from, to }
}

/** With intervals of the rows, `steepestGrowth` has taken their error into account. */
function isBeyondError(points: readonly ScalingPoint[], free: UslFit): boolean {
  if (points.every(({ interval }) => interval !== undefined)) return true
  const errors = uslErrors(points, free)
  if (errors === undefined) return false
  const t = studentQuantile(0.975, errors.df)
  return (['sigma', 'kappa'] as const).some(
    (name) => free[name] + t * errors.standardErrors[name] < 0,
  )
}

function reservations(
  standing: Standing,
  boundary: ScalingFit['boundary'],
  parameters: Usl,
): FitWarning[] {
  const onBounds = boundary.map((parameter): FitWarning => {
    return { code: 'fit-on-bound', values: { parameter, bound: parameters[parameter] } }
  })
  if (standing === 'published') return onBounds
  return [{ code: standing === 'exact' ? 'fit-exact' : 'fit-provisional', values: {} }, ...onBounds]
}

/** One row of a scaling table. */
export interface ScalingRow extends ScalingPoint {
  /** Rate as a multiple of one core's. */
  readonly speedup: number
  /** Speed-up per core. */
  readonly efficiency: number
  /** Karp and Flatt's serial share, from this row alone; undefined for one core. */
  readonly serialShare: number | undefined
}

/**
 * Speed-up and efficiency of each row against the row of one core; undefined without one.
 *
 * Source of the serial share: Karp and Flatt, Communications of the ACM 33(5), 1990.
 */
export function scalingRows(points: readonly ScalingPoint[]): ScalingRow[] | undefined {
  const one = points.find(({ n }) => n === 1)
  return (
    one &&
    points.map(({ n, rate }) => {
      const speedup = rate / one.rate
      const serialShare = n === 1 ? undefined : (1 / speedup - 1 / n) / (1 - 1 / n)
      return { n, rate, speedup, efficiency: speedup / n, serialShare }
    })
  )
}
