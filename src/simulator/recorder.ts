import { type FailureKind, failureKinds } from '../result/simulation.ts'
import { TimeHistogram } from './time-histogram.ts'

/** Bins of the series that the warm-up is found in, by order of arrival. */
export const binCount = 200
/** Segments of bins with a histogram each: a warm-up ends where one ends. */
export const segmentCount = 20
const binsPerSegment = binCount / segmentCount

/** Everything that is recorded of one replication of one algorithm. */
export class Recorder {
  /** Sum and number of the times of successful requests, by bin. */
  readonly sums = new Float64Array(binCount)
  readonly counts = new Float64Array(binCount)
  /** Failed requests by segment, then by kind. */
  readonly failures = new Float64Array(segmentCount * failureKinds.length)
  readonly segments = Array.from({ length: segmentCount }, () => new TimeHistogram())
  /** Attempts sent to each backend. */
  readonly picks: Float64Array
  /** Request-seconds in the system: the integral of the number in it. */
  area = 0
  /** Sum of the times of all requests, failed ones included: by Little's law equal to `area`. */
  timeInSystem = 0
  /** Maximum number of requests that waited in the queue of one backend. */
  longestQueue = 0
  /** Attempts after the first of a request. */
  furtherAttempts = 0
  /** Hits of caches, and lookups. */
  hits = 0
  lookups = 0
  /** Seconds to the last arrival. */
  lastArrival = 0
  readonly #requests: number
  #inSystem = 0
  #changedAt = 0

  constructor(requests: number, backends: number) {
    this.#requests = requests
    this.picks = new Float64Array(backends)
  }

  arrived(now: number): void {
    this.#advance(now)
    this.#inSystem++
    this.lastArrival = now
  }

  succeeded(index: number, arrivedAt: number, now: number): void {
    this.#left(arrivedAt, now)
    const seconds = now - arrivedAt
    const bin = this.#binOf(index)
    this.sums[bin] = (this.sums[bin] as number) + seconds
    this.counts[bin] = (this.counts[bin] as number) + 1
    ;(this.segments[(bin / binsPerSegment) | 0] as TimeHistogram).record(seconds)
  }

  failed(index: number, kind: FailureKind, times: { arrivedAt: number; now: number }): void {
    this.#left(times.arrivedAt, times.now)
    const segment = (this.#binOf(index) / binsPerSegment) | 0
    const cell = segment * failureKinds.length + failureKinds.indexOf(kind)
    this.failures[cell] = (this.failures[cell] as number) + 1
  }

  #binOf(index: number): number {
    return ((index * binCount) / this.#requests) | 0
  }

  #left(arrivedAt: number, now: number): void {
    this.#advance(now)
    this.#inSystem--
    this.timeInSystem += now - arrivedAt
  }

  #advance(now: number): void {
    this.area += this.#inSystem * (now - this.#changedAt)
    this.#changedAt = now
  }
}
