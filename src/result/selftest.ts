import type { MetricName } from './metrics.ts'

/** What one metric of an arm against itself says of a host. */
export interface MetricNoise {
  readonly metric: MetricName
  readonly comparisons: number
  /** How many said better or worse: each of them wrong. */
  readonly falseAlarms: number
  /** More false alarms than this are not chance. */
  readonly mostAllowed: number
  readonly trustworthy: boolean
  /** Half-width, as a fraction, that 9 of 10 comparisons stay within. */
  readonly floor: number
  /** Relative change that one such comparison finds 9 times in 10. */
  readonly findable: number
}

/** One thing about a host that decides whether figures from it hold. */
export interface HostCheck {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'bad' | 'unknown'
  readonly found: string
  /** What to do about it; '' where nothing is to be done. */
  readonly advice: string
}

/** Whether a host is fit to measure on, and what it can tell apart. */
export interface Selftest {
  readonly fitness: readonly HostCheck[]
  readonly noise: readonly MetricNoise[]
  readonly trials: number
  readonly invalidTrials: number
  /** Where the noise floor was kept; absent when the test was cut short or cannot be trusted. */
  readonly stored: string | undefined
}
