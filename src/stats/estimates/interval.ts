/** The two ends of an interval. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** An estimate with its interval. */
export interface Estimate extends Interval {
  readonly center: number
  /**
   * The minimum coverage of the interval. Exact intervals change in steps, so it is above the requested level, or below
   * it where the sample is too small.
   */
  readonly confidence: number
}
