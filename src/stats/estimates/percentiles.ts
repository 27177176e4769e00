import { studentQuantile } from '../distributions/student-t.ts'
import { type Histogram, merge } from '../histogram/histogram.ts'
import { mean, standardDeviation } from './moments.ts'
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

/**
 * A percentile of an arm in µs, from the encoded histogram of each trial: taken from all of them merged,
 * the `failed` requests of each trial counted as slower than any. Its interval is how far the trials' own
 * percentiles lie apart (t interval of their logarithms, widened to hold the merged one), since requests
 * of one trial are no independent samples. The range of the trials for fewer than 3. Undefined where the
 * sample is too small for this percentile, or where it lies among the failures of a trial.
 */
export function percentileSummary(
  trials: readonly string[],
  percent: number,
  { failed = [], confidence = 0.95 }: { failed?: readonly number[]; confidence?: number } = {},
): Summary | undefined {
  const merged = merge(trials)
  const allFailed = failed.reduce((sum, n) => sum + n, 0)
  if (!mayPrint(percent, merged.count + allFailed)) return undefined
  const center = percentileWithFailures(merged, percent, allFailed)
  const values = trials
    .map((trial, i) => ({ times: merge([trial]), failed: failed[i] ?? 0 }))
    .filter((one) => one.times.count + one.failed > 0)
    .map((one) => percentileWithFailures(one.times, percent, one.failed))
  if (![center, ...values].every(Number.isFinite)) return undefined
  const n = values.length
  const ranged = n < 3
  const [low, high] = ranged
    ? [Math.min(...values), Math.max(...values)]
    : between(values, confidence)
  return {
    center,
    estimator: 'merged histograms',
    low: Math.min(low, center),
    high: Math.max(high, center),
    interval: ranged ? 'range' : 'confidence',
    confidence: ranged ? 0 : confidence,
    n,
    warnings: center < low || center > high ? [{ code: 'percentile-uneven', values: {} }] : [],
  }
}

/** The t interval of the logarithms. */
function between(values: readonly number[], confidence: number): [number, number] {
  // A bucket of less than 1 µs reads 0, which has no logarithm.
  const logs = values.map((value) => Math.log(Math.max(1, value)))
  const error = standardDeviation(logs) / Math.sqrt(logs.length)
  const reach = studentQuantile((1 + confidence) / 2, logs.length - 1) * error
  return [Math.exp(mean(logs) - reach), Math.exp(mean(logs) + reach)]
}
