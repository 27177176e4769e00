import { solve } from '../numeric/linear-system.ts'
import { leastSquares, type Residuals } from '../regression/least-squares.ts'

/** Throughput at some number of cores (or of connections, or of anything that is scaled). */
export interface ScalingPoint {
  readonly n: number
  /** Requests per second. */
  readonly rate: number
  /** Confidence interval of the rate, where it is known. */
  readonly interval?: { readonly low: number; readonly high: number }
}

/** The parameters of the Universal Scalability Law. */
export interface Usl {
  /** Rate of one core, in requests per second. */
  readonly lambda: number
  /** Contention: fraction of the work that is serial. */
  readonly sigma: number
  /** Coherency: cost of each pair of cores that must agree. */
  readonly kappa: number
}

/** A fit: the parameters, and the sum of squared residuals. */
export interface UslFit extends Usl {
  readonly rss: number
}

/** X(N) = λN / (1 + σ(N − 1) + κN(N − 1)), in requests per second. */
export function uslRate({ lambda, sigma, kappa }: Usl, n: number): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1))
}

/** Derivatives of the rate by λ, σ and κ. */
export function uslGradient(usl: Usl, n: number): [number, number, number] {
  const denominator = 1 + usl.sigma * (n - 1) + usl.kappa * n * (n - 1)
  const rate = uslRate(usl, n)
  return [n / denominator, (-rate * (n - 1)) / denominator, (-rate * n * (n - 1)) / denominator]
}

/**
 * The parameters that fit the points best (unweighted least squares on the rate), with λ > 0,
 * 0 ≤ σ ≤ 1 and κ ≥ 0, and with the parameters of `fixed` held. The best of the fits in the interior and on each
 * bound is the bounded minimum; no bound is approached by clamping.
 *
 * Source: Gunther, Guerrilla Capacity Planning, 2007, chapter 5.
 *
 * @throws {RangeError} there are fewer points than parameters to find, or a rate or a count is not above 0.
 */
export function fitUsl(points: readonly ScalingPoint[], fixed: Partial<Usl> = {}): UslFit {
  const sides = [
    {},
    { kappa: 0 },
    { sigma: 0 },
    { sigma: 1 },
    { sigma: 0, kappa: 0 },
    { sigma: 1, kappa: 0 },
  ]
  // A parameter that is held fixed has no bounds to try.
  const faces = sides.filter((side) => Object.keys(side).every((name) => !(name in fixed)))
  return faces
    .map((side) => fitFree(points, { ...fixed, ...side }))
    .filter(({ lambda, sigma, kappa }) => lambda > 0 && sigma >= 0 && sigma <= 1 && kappa >= 0)
    .reduce((best, fit) => (fit.rss < best.rss ? fit : best))
}

/** As `fitUsl`, without bounds: a negative σ or κ shows a range with superlinear scaling. */
export function fitUslUnbounded(points: readonly ScalingPoint[], fixed: Partial<Usl> = {}): UslFit {
  return fitFree(points, fixed)
}

/**
 * σ and κ with λ = X(1), by a straight least-squares line through N/C(N) − 1, C(N) = X(N)/X(1): the older
 * method, which overweights large N; used as a start for the nonlinear fit. Undefined without an N of 1, or
 * where the points do not determine both.
 *
 * Source: Gunther, 2007, section 5.5.
 */
export function quadraticTransform(
  points: readonly ScalingPoint[],
): { sigma: number; kappa: number } | undefined {
  const one = points.find(({ n }) => n === 1)
  if (one === undefined) return undefined
  const rows = points.map(({ n, rate }) => ({
    x: [n - 1, n * (n - 1)],
    y: (n * one.rate) / rate - 1,
  }))
  const moment = (i: number, j: number) =>
    rows.reduce((sum, { x }) => sum + (x[i] as number) * (x[j] as number), 0)
  const solved = solve(
    [
      [moment(0, 0), moment(0, 1)],
      [moment(1, 0), moment(1, 1)],
    ],
    [0, 1].map((i) => rows.reduce((sum, { x, y }) => sum + (x[i] as number) * y, 0)),
  )
  return solved && { sigma: solved[0] as number, kappa: solved[1] as number }
}

const names = ['lambda', 'sigma', 'kappa'] as const

/** The best fit from several starts, over the parameters that are not held. */
function fitFree(points: readonly ScalingPoint[], held: Partial<Usl>): UslFit {
  const wrong = points.find(({ n, rate }) => !(n > 0 && rate > 0 && Number.isFinite(n * rate)))
  if (wrong !== undefined) {
    throw new RangeError(`a scaling law needs rates above 0, not ${wrong.rate} of ${wrong.n} cores`)
  }
  const free = names.filter((name) => held[name] === undefined)
  const distinct = new Set(points.map(({ n }) => n)).size
  if (distinct < free.length) {
    throw new RangeError(`${distinct} core counts do not determine ${free.length} parameters`)
  }
  const filled = (values: readonly number[]): Usl => {
    const found = Object.fromEntries(free.map((name, i) => [name, values[i] as number]))
    return { lambda: 0, sigma: 0, kappa: 0, ...held, ...found }
  }
  const minima = starts(points).flatMap((start) => {
    const minimum = leastSquares(
      (values) => residualsOf(points, filled(values), free),
      free.map((name) => start[name]),
    )
    return minimum ? [{ ...filled(minimum.parameters), rss: minimum.rss }] : []
  })
  return minima.reduce((best, fit) => (fit.rss < best.rss ? fit : best))
}

function starts(points: readonly ScalingPoint[]): Usl[] {
  const lambda = Math.max(...points.map(({ n, rate }) => rate / n))
  const transformed = quadraticTransform(points)
  const guesses = [
    { sigma: 0, kappa: 0 },
    { sigma: 0.02, kappa: 1e-5 },
    { sigma: 0.1, kappa: 1e-3 },
    { sigma: 0.5, kappa: 1e-2 },
  ]
  return [...guesses, ...(transformed ? [transformed] : [])].map((guess) => ({ lambda, ...guess }))
}

/** Undefined where the law has a pole among the points. */
function residualsOf(
  points: readonly ScalingPoint[],
  usl: Usl,
  free: readonly (keyof Usl)[],
): Residuals | undefined {
  if (points.some(({ n }) => !(uslRate({ ...usl, lambda: 1 }, n) > 0))) return undefined
  return {
    values: points.map(({ n, rate }) => uslRate(usl, n) - rate),
    jacobian: points.map(({ n }) => {
      const gradient = uslGradient(usl, n)
      return free.map((name) => gradient[names.indexOf(name)] as number)
    }),
  }
}
