import { type Histogram, sumOf } from '../histogram/histogram.ts'
import { meanInterval } from './student-interval.ts'
import type { Summary } from './summary.ts'

/** Samples that must lie beyond a percentile before it is printed. */
const beyond = 10

/** Whether `n` samples are enough to print the percentile `percent` (0–100): 10 or more lie beyond it. */
export function mayPrint(percent: number, n: number): boolean {
  // 1000 · (1 − 0.99) is a hair below 10.
  return (n * (100 - percent)) / 100 >= beyond * (1 - 1e-9)
}

/** The fewest requests from which `mayPrint` allows the percentile. */
export function requestsFor(percent: number): number {
  return Math.ceil((100 * beyond) / (100 - percent) - 1e-6)
}

/**
 * The time in µs that `percent` (0–100) of all requests do not exceed, those that failed counted as
 * slower than any: infinite where the percentile lies among them, 0 where there was no request.
 */
export function percentileWithFailures(
  answered: Histogram,
  percent: number,
  failed: number,
): number {
  const share = (percent / 100) * ((answered.count + failed) / Math.max(1, answered.count))
  if (answered.count === 0) return failed === 0 ? 0 : Number.POSITIVE_INFINITY
  return share > 1 + 1e-12
    ? Number.POSITIVE_INFINITY
    : answered.percentile(Math.min(100, share * 100))
}

/** Options of the percentile of an arm. */
interface PercentileOptions {
  /** Failed requests of each trial. */
  readonly failed?: readonly number[]
  readonly confidence?: number
  /** The sum of the histograms, where it is known. */
  readonly merged?: Histogram
}

/**
 * A percentile of an arm in µs, from the histogram of each trial, and the sum of them, the `failed` requests of each trial
 * counted as slower than any. From 3 trials on it is the percentile of a typical trial: the mean of the logarithms of the trials' own,
 * with its t interval, since requests of one trial are no independent samples. Where there are fewer trials, or one has too
 * few requests for the percentile, it is that of all requests merged, with the range of the trials. Undefined where all
 * requests are too few for this percentile, or where it lies among the failures of a trial.
 */
export function percentileSummary(
  trials: readonly Histogram[],
  percent: number,
  { failed = [], confidence = 0.95, merged = sumOf(trials) }: PercentileOptions = {},
): Summary | undefined {
  const allFailed = failed.reduce((sum, n) => sum + n, 0)
  if (!mayPrint(percent, merged.count + allFailed)) return undefined
  const ofAll = percentileWithFailures(merged, percent, allFailed)
  const own = trials
    .map((times, i) => ({ times, failed: failed[i] ?? 0 }))
    .filter((one) => one.times.count + one.failed > 0)
  const values = own.map((one) => percentileWithFailures(one.times, percent, one.failed))
  if (![ofAll, ...values].every(Number.isFinite)) return undefined
  const n = values.length
  const ranged = n < 3 || own.some((one) => !mayPrint(percent, one.times.count + one.failed))
  if (ranged) {
    return {
      center: ofAll,
      estimator: 'merged histograms',
      low: Math.min(...values, ofAll),
      high: Math.max(...values, ofAll),
      interval: 'range',
      confidence: 0,
      n,
      warnings: [],
    }
  }
  const { center, low, high } = between(values, confidence)
  return {
    center,
    estimator: 'mean of logarithms',
    low,
    high,
    interval: 'confidence',
    confidence,
    n,
    warnings: ofAll < low || ofAll > high ? [{ code: 'percentile-uneven', values: {} }] : [],
  }
}

/** The mean of the logarithms, with its t interval. */
function between(values: readonly number[], confidence: number) {
  // A bucket of less than 1 µs reads 0, which has no logarithm.
  const { center, low, high } = meanInterval(
    values.map((value) => Math.log(Math.max(1, value))),
    confidence,
  )
  return { center: Math.exp(center), low: Math.exp(low), high: Math.exp(high) }
}
