import {
  build,
  type Histogram as Counts,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type JsHistogram,
} from 'hdr-histogram-js'
import { UsageError } from '../../kit/errors.ts'
import { boundedV2 } from './histogram-encoding.ts'

/** An HDR histogram of times in whole microseconds, to 3 significant digits. */
export interface Histogram {
  /**
   * Records a time in µs, rounded to an integer. Never throws and never drops: a value below 0, above
   * `longest` or not a number is recorded as the nearest bound (not a number: as the longest), and
   * counted in `clamped`.
   */
  record(microseconds: number): void
  /** Records a time in whole µs so many times, as `record`. */
  recordMany(microseconds: number, times: number): void
  /** Adds the counts of another histogram. */
  add(other: Histogram): void
  /** Empties it. */
  reset(): void
  /** Number of times recorded. */
  readonly count: number
  /** How many of them were out of bounds. Known only where they were recorded; not encoded. */
  readonly clamped: number
  /** Mean in µs, with each time as the middle of its bucket: within 0.05 %. 0 when empty. */
  readonly mean: number
  /** Standard deviation in µs. 0 when empty. */
  readonly standardDeviation: number
  /** Minimum in µs, as the lower end of its bucket. 0 when empty. */
  readonly min: number
  /** Maximum in µs, as the upper end of its bucket. 0 when empty. */
  readonly max: number
  /** The percentile `percent` (0–100) in µs, as the upper end of its bucket. 0 when empty. */
  percentile(percent: number): number
  /** Numbers of times in its buckets, in rising order; those of two histograms have equal bounds. */
  buckets(): number[]
  /** Encoded as V2, compressed, base64, which every HdrHistogram reads. */
  encode(): string
}

/** The maximum time that is recorded exactly: one hour, in µs. */
export const highestTrackable = 3_600_000_000

/** The histogram of the package behind each of ours, so that two can be added. */
const counts = new WeakMap<Histogram, Counts>()

/**
 * An empty histogram. It is allocated for the whole range (190 kB, of which only the part in use is
 * touched), so that no value makes it grow while a request waits.
 *
 * The JavaScript build of the package records in about 60 ns, its WebAssembly build in 16 ns. That is
 * 0.1 % of a core at 30,000 requests per second, and the WebAssembly build would have to be freed by hand.
 */
export function histogram(): Histogram {
  return wrap(build({ bitBucketSize: 64, highestTrackableValue: highestTrackable }))
}

/**
 * Reads an encoded histogram, also of the older encodings V0 and V1.
 *
 * @throws {UsageError} `encoded` is no histogram, is cut short, or needs more memory than a histogram of lb.
 */
export function decode(encoded: string): Histogram {
  try {
    const decoded = decodeFromCompressedBase64(boundedV2(encoded), 64, false, highestTrackable)
    decoded.autoResize = true
    return wrap(decoded)
  } catch (error) {
    throw new UsageError(
      `not an HDR histogram: ${encoded.slice(0, 20)}… (${(error as Error).message})`,
      'The text is truncated or was edited; run the benchmark again.',
      { cause: error },
    )
  }
}

/** Several encoded histograms merged into one: percentiles are those of the merged histogram, never averages. */
export function merge(encoded: readonly string[]): Histogram {
  const merged = histogram()
  for (const one of encoded) merged.add(decode(one))
  return merged
}

/** The same of histograms that are decoded. */
export function sumOf(histograms: readonly Histogram[]): Histogram {
  const merged = histogram()
  for (const one of histograms) merged.add(one)
  return merged
}

function wrap(own: Counts): Histogram {
  let clamped = 0
  const wrapped: Histogram = {
    record(microseconds) {
      // This order of comparisons excludes NaN.
      if (microseconds >= 0 && microseconds <= highestTrackable) {
        own.recordValue(Math.round(microseconds))
        return
      }
      clamped++
      own.recordValue(microseconds < 0 ? 0 : highestTrackable)
    },
    recordMany(microseconds, times) {
      const within = Math.min(Math.max(0, microseconds), highestTrackable)
      if (within !== microseconds) clamped += times
      own.recordValueWithCount(Math.round(within), times)
    },
    add(other) {
      own.add(counts.get(other) as Counts)
      clamped += other.clamped
    },
    reset() {
      own.reset()
      clamped = 0
    },
    get count() {
      return own.totalCount
    },
    get clamped() {
      return clamped
    },
    get mean() {
      return own.mean
    },
    get standardDeviation() {
      return own.stdDeviation
    },
    get min() {
      return own.totalCount === 0 ? 0 : own.getValueAtPercentile(0)
    },
    get max() {
      return own.totalCount === 0 ? 0 : own.getValueAtPercentile(100)
    },
    percentile: (percent) => (own.totalCount === 0 ? 0 : own.getValueAtPercentile(percent)),
    buckets: () => {
      const { countsArrayLength } = own as JsHistogram
      return Array.from({ length: countsArrayLength }, (_, i) =>
        (own as JsHistogram).getCountAtIndex(i),
      )
    },
    encode: () => encodeIntoCompressedBase64(own),
  }
  counts.set(wrapped, own)
  return wrapped
}
