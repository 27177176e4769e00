import { type StepName, type StepRow, stepNames } from './steps.ts'

/** Requests by total time, and their seconds in each step. */
type Rows = readonly (readonly StepRow[])[]

/** Seconds of each step, over some requests: they sum to their total time. */
export type StepSeconds = Readonly<Record<StepName, number>>

/** Where the time of requests went: means over all of them, around the median of the total time, and of the slowest 1 %. */
export interface StepMeans {
  readonly requests: number
  readonly mean: StepSeconds
  readonly p50: StepSeconds
  readonly p99: StepSeconds
}

/** Fractions of the requests, by total time, that each figure is the mean of. */
const slices = { mean: [0, 1], p50: [0.45, 0.55], p99: [0.99, 1] } as const

/**
 * Mean time of each step between two readings: of all requests, of those around the median, and of the slowest 1 %; so that the
 * steps of each sum to its total. Undefined where there was no request.
 */
export function stepMeans(before: Rows, after: Rows): StepMeans | undefined {
  const buckets = summed(after, before)
  const requests = buckets.reduce((sum, { count }) => sum + count, 0)
  if (requests === 0) return undefined
  const of = ([from, to]: readonly [number, number]) =>
    meansOf(buckets, { from: from * requests, to: to * requests })
  return { requests, mean: of(slices.mean), p50: of(slices.p50), p99: of(slices.p99) }
}

interface Bucket {
  readonly count: number
  readonly seconds: readonly number[]
}

/** The buckets over all workers, in rising order. */
function summed(after: Rows, before: Rows): Bucket[] {
  const sums = new Map<number, number[]>()
  const add = (rows: Rows, sign: 1 | -1): void => {
    for (const [bucket = 0, ...values] of rows.flat()) {
      const known = sums.get(bucket) ?? values.map(() => 0)
      sums.set(
        bucket,
        known.map((sum, i) => sum + sign * (values[i] as number)),
      )
    }
  }
  add(after, 1)
  add(before, -1)
  return [...sums]
    .toSorted(([a], [b]) => a - b)
    .map(([, [count = 0, ...seconds]]) => ({ count, seconds }))
    .filter(({ count }) => count > 0)
}

/** The mean of each step over the requests from one rank to another; of a bucket that is cut, its mean counts for a part of it. */
function meansOf(
  buckets: readonly Bucket[],
  { from, to }: { readonly from: number; readonly to: number },
): StepSeconds {
  const sums = stepNames.map(() => 0)
  let rank = 0
  for (const { count, seconds } of buckets) {
    const taken = Math.max(0, Math.min(to, rank + count) - Math.max(from, rank))
    for (const [i, sum] of seconds.entries()) {
      sums[i] = (sums[i] as number) + (sum * taken) / count
    }
    rank += count
  }
  // Rounding may leave less than nothing.
  const mean = (i: number) => Math.max(0, (sums[i] as number) / (to - from))
  return Object.fromEntries(stepNames.map((name, i) => [name, mean(i)])) as StepSeconds
}
