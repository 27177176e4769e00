import type { Objective } from '../plan/objective.ts'

/** What was seen at one rate, over all its trials that count. Times in seconds, rates in requests per second. */
export interface RatePoint {
  readonly rate: number
  readonly held: number
  readonly missed: number
  readonly spoilt: number
  /** Absent where the percentile lies among the requests that failed, or too few were measured. */
  readonly p50?: number
  readonly p99?: number
  /** Share of the requests that failed or were never sent. */
  readonly failed: number
}

/** The highest rate at which one arm holds its objectives. */
export interface Capacity {
  readonly arm: string
  readonly objectives: readonly Objective[]
  /** The highest rate that held below every rate that failed; absent when none held. */
  readonly low?: number
  /** The lowest rate that failed; absent when none did. */
  readonly high?: number
  /** Why the search ended. */
  readonly reason:
    | 'goal width'
    | 'rate limit'
    | 'out of reach'
    | 'spoilt'
    | 'trials'
    | 'time'
    | 'interrupted'
  /** The most that the driver could send, as a calibration against the bare backends found it. */
  readonly driverLimit: number
  /** By rate, rising: the whole curve that the search saw. */
  readonly curve: readonly RatePoint[]
  readonly trials: number
  readonly seed: number
}
