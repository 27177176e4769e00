import type { HostCheck } from './host-check.ts'
import type { MetricName } from './metrics.ts'

/** The noise of one metric: comparisons of an arm with itself. */
export interface MetricNoise {
  readonly metric: MetricName
  readonly comparisons: number
  /** Comparisons with the outcome better or worse: each is wrong. */
  readonly falseAlarms: number
  /** Highest number of false alarms that chance explains. */
  readonly maxFalseAlarms: number
  readonly trustworthy: boolean
  /** Half-width, as a fraction, that 9 of 10 comparisons stay within. */
  readonly floor: number
  /** Relative change that one such comparison reports as better or worse 9 times in 10, with the floor as δ. */
  readonly findable: number
}

/** Whether a host is fit to measure on, and the smallest difference that it can resolve. */
export interface Selftest {
  readonly fitness: readonly HostCheck[]
  readonly noise: readonly MetricNoise[]
  readonly trials: number
  readonly invalidTrials: number
  readonly seed: number
  /** File of the stored noise floor; undefined if it was not stored. */
  readonly stored: string | undefined
  /** Why it was not stored. */
  readonly notStored?: 'interrupted' | 'too few trials' | 'too many false alarms'
}
