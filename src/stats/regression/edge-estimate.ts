import { studentQuantile } from '../distributions/student-t.ts'
import { inverse, type Matrix } from '../numeric/linear-system.ts'

/** One trial near the edge: its rate, its number of requests, and the fraction of them beyond the limit. */
export interface EdgeTrial {
  /** Requests per second. */
  readonly rate: number
  readonly requests: number
  readonly share: number
}

/** The rate at which a fraction of the requests lies beyond the limit, with its interval, and how steep that edge is. */
export interface EdgeEstimate {
  readonly center: number
  readonly low: number
  readonly high: number
  readonly confidence: number
  /** Change of the log-odds of the fraction for a change of the logarithm of the rate by 1. */
  readonly slope: number
  /** Trials that it comes from. */
  readonly n: number
}

/**
 * The rate at which the fraction of requests beyond the limit reaches `allowed`, from trials at rates around it: logistic
 * regression of the fraction on the logarithm of the rate. The mean of the fractions of short trials is that of long ones,
 * while the percentile of a short trial is below it, so fractions are fitted. Requests of a trial hang together, so the
 * variance comes from how trials scatter about the curve (HC3), and the interval is the set of rates at which the curve may
 * be at `allowed` (Fieller). Undefined for fewer than 5 trials, where the fraction does not rise with the rate for
 * certain, and where the trials are separated, so that no slope fits.
 *
 * Sources: McCullagh and Nelder, Generalized Linear Models, 1989, chapter 4; MacKinnon and White, Journal of Econometrics
 * 29(3), 1985; Fieller, Journal of the Royal Statistical Society B 16(2), 1954.
 */
export function edgeEstimate(
  trials: readonly EdgeTrial[],
  allowed: number,
  confidence = 0.95,
): EdgeEstimate | undefined {
  const n = trials.length
  const fitted = n < 5 ? undefined : logisticFit(trials, allowed)
  if (fitted === undefined) return undefined
  const { intercept: a, slope: b, middle, covariance } = fitted
  const t = studentQuantile((1 + confidence) / 2, n - 2)
  const [v11, v12, v22] = [covariance[0]?.[0], covariance[0]?.[1], covariance[1]?.[1]] as [
    number,
    number,
    number,
  ]
  // The x at which |a + bx| is at most t standard errors.
  const square = b ** 2 - t ** 2 * v22
  const half = t ** 2 * v12 - a * b
  const root = Math.sqrt(half ** 2 - square * (a ** 2 - t ** 2 * v11))
  if (!(b > 0 && square > 0 && Number.isFinite(root))) return undefined
  const rateAt = (x: number) => Math.exp(middle + x)
  return {
    center: rateAt(-a / b),
    low: rateAt((half - root) / square),
    high: rateAt((half + root) / square),
    confidence,
    slope: b,
    n,
  }
}

interface Fit {
  /** Log-odds at the middle of the rates, less those of the allowed fraction. */
  readonly intercept: number
  readonly slope: number
  /** Mean logarithm of the rates. */
  readonly middle: number
  readonly covariance: Matrix
}

/** Largest slope that is fitted: an edge of 0.2 %. Steeper ones are steps. */
const maxSlope = 500

/** Iteratively reweighted least squares. */
function logisticFit(trials: readonly EdgeTrial[], allowed: number): Fit | undefined {
  const middle = trials.reduce((sum, { rate }) => sum + Math.log(rate), 0) / trials.length
  const xs = trials.map(({ rate }) => Math.log(rate) - middle)
  const offset = Math.log(allowed / (1 - allowed))
  let [a, b] = [0, 5]
  const rows = () =>
    trials.map(({ requests, share }, i) => {
      const x = xs[i] as number
      const p = 1 / (1 + Math.exp(-(a + b * x + offset)))
      return { x, weight: requests * p * (1 - p), off: requests * (share - p) }
    })
  let bread: Matrix | undefined
  for (let step = 0; step < 60; step++) {
    const all = rows()
    bread = inverse(information(all))
    if (bread === undefined) return undefined
    const [da, db] = times(bread, score(all))
    const length = Math.min(1, 2 / Math.max(Math.abs(da), Math.abs(db) / 20))
    a += length * da
    b += length * db
    if (!(Math.abs(b) < maxSlope)) return undefined
    if (Math.abs(da) < 1e-9 && Math.abs(db) < 1e-7) break
  }
  if (bread === undefined) return undefined
  const found = rows()
  const meat = [
    [0, 0],
    [0, 0],
  ]
  for (const { x, weight, off } of found) {
    const [h0, h1] = times(bread, [1, x])
    // HC3: residuals as if the trial had not been part of the fit.
    const leverage = Math.min(0.9, weight * (h0 + x * h1))
    const residual = off / (1 - leverage)
    ;[1, x].forEach((one, i) => {
      ;[1, x].forEach((two, j) => {
        const row = meat[i] as number[]
        row[j] = (row[j] as number) + residual ** 2 * one * two
      })
    })
  }
  return { intercept: a, slope: b, middle, covariance: product(product(bread, meat), bread) }
}

type Row = { readonly x: number; readonly weight: number; readonly off: number }

function information(rows: readonly Row[]): Matrix {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0)
  const cross = sum(({ x, weight }) => weight * x)
  return [
    [sum(({ weight }) => weight), cross],
    [cross, sum(({ x, weight }) => weight * x ** 2)],
  ]
}

function score(rows: readonly Row[]): readonly [number, number] {
  return [
    rows.reduce((sum, { off }) => sum + off, 0),
    rows.reduce((sum, { x, off }) => sum + x * off, 0),
  ]
}

function times(matrix: Matrix, [x, y]: readonly [number, number]): [number, number] {
  const of = (row: readonly number[] | undefined) =>
    (row?.[0] as number) * x + (row?.[1] as number) * y
  return [of(matrix[0]), of(matrix[1])]
}

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    [0, 1].map(
      (j) =>
        (row[0] as number) * (b[0]?.[j] as number) + (row[1] as number) * (b[1]?.[j] as number),
    ),
  )
}
