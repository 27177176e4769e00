import type { Objective } from '../plan/objective.ts'
import type { EngineFacts } from './schemas/engine.ts'

/** One rate of the search, over all its valid trials. Times in seconds, rates in requests per second. */
export interface RatePoint {
  readonly rate: number
  /** Trials that met all objectives, that missed one, and that were disturbed by driver or host. */
  readonly met: number
  readonly missed: number
  readonly invalid: number
  /** Absent where the percentile lies among the failed requests, or too few were measured. */
  readonly p50?: number
  readonly p99?: number
  /** Fraction of the requests that failed or were never sent. */
  readonly failed: number
}

/** The highest rate at which one arm meets its objectives. */
export interface Capacity {
  readonly arm: string
  readonly objectives: readonly Objective[]
  /**
   * The rate at which the objectives are just met, from the trials around it, where trials contradicted each other near the
   * edge. The interval held the edge of simulated queues in 9 of 10 searches or more (docs/measurements/coverage.md).
   */
  readonly estimate?: {
    readonly center: number
    readonly low: number
    readonly high: number
    readonly trials: number
  }
  /** The highest rate that most trials met, below every rate that most missed; absent when none met them. */
  readonly low?: number
  /** The lowest rate that failed; absent when none did. */
  readonly high?: number
  /** Why the search ended. */
  readonly reason:
    | 'goal width'
    | 'rate limit'
    | 'out of reach'
    | 'invalid trials'
    | 'trials'
    | 'time'
    | 'interrupted'
    | 'failed'
  /** The error that ended the search, where `reason` is `failed`. */
  readonly failure?: string
  /** The highest rate that the driver can send, from a calibration without a balancer; absent of drivers on nodes that had no backends to calibrate with. */
  readonly driverLimit?: number
  /** Of drivers on nodes. */
  readonly engine?: EngineFacts
  /** Every rate of the search, ascending. */
  readonly curve: readonly RatePoint[]
  readonly trials: number
  readonly seed: number
}
