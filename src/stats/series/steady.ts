import { slope } from '../regression/slope.ts'

/** Whether a series is steady, and from which value on. */
export interface Steadiness {
  readonly steady: boolean
  /** Index of the first steady value; meaningless while not `steady`. */
  readonly from: number
}

const batchSize = 5

/** A slope that changes the last third by less than this fraction is ignored. */
const smallDrift = 0.02

/**
 * Whether throughput is steady: `bins` are the responses completed in each 100 ms since the load began.
 * MSER-5 must drop less than half of them, and the last third must not have a slope. Needs 10 bins.
 *
 * A call takes a few µs for a hundred bins, so that it can be repeated after each bin.
 */
export function steadiness(bins: readonly number[]): Steadiness {
  const { dropped, atBound } = mser5(bins)
  const last = bins.slice(Math.floor((bins.length * 2) / 3))
  return { steady: bins.length >= 2 * batchSize && !atBound && !drifts(last), from: dropped }
}

/**
 * Whether a series was steady from bin `from` on, judged from all of it: MSER-5 drops nothing behind
 * that bin, and the last third has no slope. For warm-ups that are too short to judge on their own.
 */
export function settledBy(bins: readonly number[], from: number): boolean {
  const last = bins.slice(Math.floor((bins.length * 2) / 3))
  return bins.length >= 2 * batchSize && mser5(bins).dropped <= from && !drifts(last)
}

/**
 * The number of values to drop from the start so that the mean of the rest is most precise: the d ≤ n/2 that
 * minimises the squared standard error of the remaining batch means. `atBound`: it would drop half,
 * so no steady state was reached.
 *
 * Source: White, Cobb and Spratt, "A comparison of five steady-state truncation heuristics for
 * simulation", WSC 2000.
 */
export function mser5(values: readonly number[]): { dropped: number; atBound: boolean } {
  const means = batchMeans(values)
  let best = { batches: 0, squaredError: Number.POSITIVE_INFINITY }
  let [count, mean, squares] = [0, 0, 0]
  // From the end, so that each step adds one batch to the running mean and squares (Welford).
  for (let batches = means.length - 1; batches >= 0; batches--) {
    const value = means[batches] as number
    count++
    const off = value - mean
    mean += off / count
    squares += off * (value - mean)
    const squaredError = squares / count ** 2
    if (batches <= means.length / 2 && squaredError <= best.squaredError) {
      best = { batches, squaredError }
    }
  }
  return {
    dropped: best.batches * batchSize,
    atBound: means.length > 0 && best.batches === Math.floor(means.length / 2),
  }
}

function batchMeans(values: readonly number[]): number[] {
  return Array.from({ length: Math.floor(values.length / batchSize) }, (_, batch) => {
    const start = batch * batchSize
    return values.slice(start, start + batchSize).reduce((sum, value) => sum + value, 0) / batchSize
  })
}

function drifts(values: readonly number[]): boolean {
  const { perStep, mean, significant } = slope(values)
  return significant && Math.abs(perStep) * (values.length - 1) > smallDrift * Math.abs(mean)
}
