import type { CheckCounts } from '../../result/load-sample.ts'
import type { SlowReport } from '../slow-report.ts'

/** The requests of one step in one stage, over all of the run. */
export interface StepReport {
  readonly ok: number
  readonly failed: Readonly<Record<string, number>>
  /** Of each check, by its text. */
  readonly checks: Readonly<Record<string, CheckCounts>>
  /** Times of the requests that are `ok`, encoded by src/stats/histogram (µs). */
  readonly latency: string
}

/** The part of one driver in one stage. */
export interface StageReport {
  /** Visits (open model) that this driver had to begin; user-seconds in the closed model. */
  readonly planned: number
  /** Visits that began; in the closed model the user-seconds of users that were active. */
  readonly sent: number
  /** Visits that began, in both models. */
  readonly visits: number
  /** Visits that came to their end; and those that ended early since a capture did not fit or a journey threw an error. */
  readonly finished: number
  readonly cut: number
  /** Visits that were due and never began, by reason. */
  readonly notSent: Readonly<Record<string, number>>
  /** How late visits began after they were due, encoded (µs). */
  readonly lateness: string
  /** By name of the step. */
  readonly steps: Readonly<Record<string, StepReport>>
}

/** A metric of the user's own code. A trend is a histogram of its values × 1,000. */
export interface MetricReport {
  readonly kind: 'trend' | 'counter' | 'rate' | 'gauge'
  readonly count: number
  readonly sum: number
  readonly last: number
  readonly trend?: string
}

/** The report of one driver about its part of a load test. */
export interface DriverLoadReport {
  readonly stages: readonly StageReport[]
  /** Visits that were not over when the load ended. */
  readonly unfinished: number
  /** Length of the load, in seconds. */
  readonly seconds: number
  readonly metrics: Readonly<Record<string, MetricReport>>
  /** Fractions of the time in which the event loop had work, and was stalled. */
  readonly busy: number
  readonly stalled: number
  readonly cpuSeconds: number
  /** Fraction of the time that the user's own code took; absent without such code. */
  readonly ownCode?: number
  /** Whether the load was ended before the end of its plan. */
  readonly aborted: boolean
  /** Its slowest requests; absent where it was lost. */
  readonly slow?: SlowReport
  /** Why the code of a journey ended it; absent where none did. */
  readonly endedBy?: string
}
