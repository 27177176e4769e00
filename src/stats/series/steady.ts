import { slope } from '../regression/slope.ts'

/** Whether a series is steady, and from which value on. */
export interface Steadiness {
  readonly steady: boolean
  /** Index of the first steady value; meaningless while not `steady`. */
  readonly from: number
}

const batchSize = 5

/** Minimum number of bins that are judged: one second. */
const minBins = 10

/** A slope that changes the series by less than this fraction over its length is ignored. */
const smallDrift = 0.02

/** Levels of the tests of a slope over all bins and over the last third: together, 5 % of steady series fail. */
const [fullLevel, lastThirdLevel] = [0.039, 0.01]

/** Fraction of a series that may be dropped at its start, and the drift that the rest must be shown to stay below. */
const [maxDropped, shownDrift] = [1 / 3, 0.05]

/** Standard errors that are added to a drift before it is shown to be small: a one-sided level of 10 %. */
const drawn = 1.3

/**
 * Whether throughput is steady: `bins` are the responses completed in each 100 ms since the load began. It is if neither
 * all of them nor the last third has a slope (t tests); or, after a start that differs, if the last third has none and the
 * bins behind at most a third of them are shown to drift by less than 5 %. Needs 10 bins.
 *
 * MSER-5 alone cannot decide at such lengths: of two batches it always drops one.
 *
 * A call takes a few µs for a hundred bins, so that it can be repeated after each bin.
 */
export function steadiness(bins: readonly number[]): Steadiness {
  if (bins.length < minBins || lastThirdDrifts(bins)) return { steady: false, from: 0 }
  if (!drifts(bins, fullLevel)) return { steady: true, from: 0 }
  const most = Math.floor(bins.length * maxDropped)
  for (let from = 1; from <= most; from++) {
    if (isShownFlat(bins.slice(from)) && isWithin(bins[from] as number, bins.slice(from + 1)))
      return { steady: true, from }
  }
  return { steady: false, from: most }
}

/**
 * Whether a series was steady from bin `from` on, judged from all of it: neither the bins behind it nor the last third of
 * all have a slope. For warm-ups that are too short to judge on their own.
 */
export function settledBy(bins: readonly number[], from: number): boolean {
  return bins.length >= minBins && !lastThirdDrifts(bins) && !drifts(bins.slice(from), fullLevel)
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

function lastThirdDrifts(bins: readonly number[]): boolean {
  return drifts(bins.slice(Math.floor((bins.length * 2) / 3)), lastThirdLevel)
}

function drifts(values: readonly number[], level: number): boolean {
  const { perStep, mean, p } = slope(values)
  return p < level && Math.abs(perStep) * (values.length - 1) > smallDrift * Math.abs(mean)
}

function isShownFlat(values: readonly number[]): boolean {
  const { perStep, mean, error } = slope(values)
  return (Math.abs(perStep) + drawn * error) * (values.length - 1) < shownDrift * Math.abs(mean)
}

/** Whether a value lies within the range of others: one that does not still belongs to the start. */
function isWithin(value: number, others: readonly number[]): boolean {
  return value >= Math.min(...others) && value <= Math.max(...others)
}
