import type { Comparison, Verdict } from './document.ts'
import type { MetricName } from './metrics.ts'

/** A comparison of one driver with a fleet at the same rate: what the fleet itself adds to a figure. */
export interface FleetSelftest {
  readonly drivers: number
  /** Requests per second of one driver, and of the fleet together. */
  readonly rate: number
  /** The fleet ÷ one driver; metrics with too few valid pairs are left out. */
  readonly comparisons: readonly FleetComparison[]
  readonly trials: number
  readonly invalidTrials: number
  /** Reasons of the invalid trials, each once. */
  readonly reasons: Verdict['reasons']
  readonly seed: number
}

/** One metric of the target. */
export interface FleetComparison extends Pick<Comparison, 'ratio' | 'margin' | 'outcome'> {
  readonly metric: MetricName
  /** Median of the metric with one driver, in its unit. */
  readonly base: number
  /**
   * Of latencies: median lateness of the one driver, in seconds, which is part of every latency that it measures. The margin
   * is at least this, as a fraction of `base`.
   */
  readonly resolution?: number
}
