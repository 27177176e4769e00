/** Checks that passed and failed. */
export interface CheckCounts {
  readonly passed: number
  readonly failed: number
}

/** Requests that ended in one sample. */
export interface SampleCounts {
  /** Requests with a complete response that is no failure. */
  readonly ok: number
  /** Failed requests by kind: `status 500`, `timed out`, codes of errors, `not-sent-…`. */
  readonly failed: Readonly<Record<string, number>>
  readonly checks: CheckCounts
  /** Times of the requests that are `ok`, as encoded by src/stats/histogram (µs). Empty text where there is none. */
  readonly latency: string
}

/**
 * The load of one stage in about 100 ms, of one driver, or of all of them once the coordinator has merged them. A request
 * belongs to the stage in which it was due, so that one interval may have a sample of two stages.
 */
export interface LoadSample extends SampleCounts {
  /** End of the interval, in ms from the begin of the load. */
  readonly atMs: number
  /** Index of the stage in the plan. */
  readonly stage: number
  /** Open model: visits that were due in the interval by the plan. Closed model: users of the plan at its end. */
  readonly planned: number
  /** Open model: visits that began in the interval. Closed model: users that are active at its end. */
  readonly sent: number
  /** The same for each step, by its name. */
  readonly steps: Readonly<Record<string, SampleCounts>>
}
