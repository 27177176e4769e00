import type { Load } from '../plan/plan.ts'
import type { ConnectionFacts } from './connection-facts.ts'
import type { StepReport } from './journey/load-report.ts'
import type { SlowReport } from './slow-report.ts'

/** Requests by their outcome: each request of a driver is in exactly one of these. */
export interface Counts {
  /** Complete responses with a 2xx status. */
  readonly ok: number
  /** Complete responses with any other status; of visits, those that fail, or fail a check. */
  readonly non2xx: number
  /** No complete response: refused, reset or cut short; also arrivals of an open loop during its backoff. */
  readonly errors: number
  /** No complete response within the time-out. */
  readonly timeouts: number
  /** Arrivals of an open loop that were never sent: too many were in flight, or the driver was late by the time-out. */
  readonly dropped: number
}

/** Visits of the window, where a load has them, and their requests by the name of the step. */
export interface VisitsReport {
  /** Those that began in it. */
  readonly began: number
  /** Those that came to their end, and that ended early since a capture did not fit or data was used up. */
  readonly finished: number
  readonly cut: number
  readonly steps: Readonly<Record<string, StepReport>>
}

/** The report of a driver about one load. */
export interface DriverReport {
  /** Length of the measured window. */
  readonly windowSeconds: number
  /** How long the load ran before the window opened. */
  readonly warmupSeconds: number
  /** Whether throughput was steady when the window opened. */
  readonly steady: boolean
  /** Requests that ended inside the window (open loop: that were due inside it). */
  readonly window: Counts
  /** Requests from the first to the last, warm-up and drain included. */
  readonly total: Counts
  /** Requests in flight when the window opened, and when it closed. */
  readonly inFlight: { readonly opened: number; readonly closed: number }
  /** Requests that were cut off at the end of a run, and whose outcome is unknown: external programs do not count them. */
  readonly cutOff?: number
  /**
   * Time to each complete response of the window with a 2xx status, as an HDR histogram (V2, compressed, base64), µs.
   * Closed loop: from sending. Open loop: from when it was due.
   */
  readonly latency: string
  /** Mean of the same times, exact, in seconds; absent where there was none. */
  readonly okMeanSeconds?: number
  /** Mean time in the window of all requests that were sent, however they ended, in seconds: that of Little's law. */
  readonly meanSeconds: number
  /** Open loop: time from sending to the complete response. Encoded as `latency`. */
  readonly service?: string
  /** Open loop: how late each request was sent after it was due. Encoded as `latency`. */
  readonly lateness?: string
  /** Where each arrival is a visit of several requests. */
  readonly visits?: VisitsReport
  /** Open loop: arrivals (requests, or visits) planned in the window. */
  readonly planned?: number
  /** How its connections were made: of drivers on raw sockets, which know it. */
  readonly connections?: ConnectionFacts
  /** Responses completed in each 100 ms since the load began, warm-up included. */
  readonly bins: readonly number[]
  /** Open loop: how it waited for the next arrival. */
  readonly pacing?: 'spin' | 'sleep'
  /** Fraction of the window in which the driver's event loop had work. */
  readonly driverBusy?: number
  /** Fraction of the window in which the driver was stalled: stopped, throttled, or preempted. */
  readonly driverStalled?: number
  /** CPU-seconds that the driver used in the window. */
  readonly cpuSeconds?: number
  /** Outcomes over the window, where the load asks for them (`watch`). */
  readonly course?: DriverTimeline
  /** Its slowest requests; of drivers that know each request. */
  readonly slow?: SlowReport
  /** Requests without a 2xx response, by kind of failure: error codes, statuses, reasons. At most 17 kinds. */
  readonly errorKinds: Readonly<Record<string, number>>
}

/** Outcomes of a driver's requests over the window, each in the bin in which the request ended. */
export interface DriverTimeline {
  /** Responses with a 2xx status in each bin. */
  readonly ok: readonly number[]
  /** All other outcomes in each bin: other statuses, errors, time-outs, arrivals that were never sent. */
  readonly failed: readonly number[]
  /** Each slice of several bins, which share one percentile. */
  readonly slices: readonly TimelineSlice[]
}

/** Requests that ended in one slice of a timeline. */
export interface TimelineSlice {
  /** Times to the responses with a 2xx status, encoded as `latency`. */
  readonly responses: string
  /** Requests without one. */
  readonly failed: number
}

/** Why an open loop did not send a request that was due: names in `errorKinds`. */
export const dropReasons = {
  /** The driver was late by the time-out. */
  driverLate: 'not-sent-driver-late',
  /** The target refused connections shortly before. */
  targetRefuses: 'not-sent-target-refuses',
  /** As many requests as allowed were in flight. */
  tooManyInFlight: 'not-sent-too-many-in-flight',
} as const

/** Kinds of failure that are counted one by one; further kinds are counted together as `other`. */
export const maxErrorKinds = 16

/** Verdicts depend on these counts, so they have a name after any number of other kinds. */
export function isDropReason(kind: string): boolean {
  return Object.values<string>(dropReasons).includes(kind)
}

/** How the warm-up of a driver ended. */
interface WarmUp {
  readonly seconds: number
  /** Whether throughput, that of all drivers of the fleet together, was steady at its end. */
  readonly steady: boolean
}

/** The phases of one load, on which a driver agrees with the coordinator of its fleet. Both promises reject once the load is aborted. */
export interface LoadControl {
  /** The driver could send its first request. Resolves when the load begins. */
  ready(): Promise<void>
  /** The load has begun. Resolves when the window must open. `bins`: responses in each 100 ms that have passed. */
  warmUp(bins: () => readonly number[]): Promise<WarmUp>
  /** Sends no more load before the window: it may open before throughput is steady. */
  warmedUp(): void
  /** The window has opened; and it has closed. */
  opened(): void
  closed(): void
}

/** A load generator. */
export interface Driver {
  readonly name: string
  readonly summary: string
  /** Loads its modules ahead of the first load; they take most of the start of its process. */
  prepare(): Promise<unknown>
  /** Runs one load against `url`; ends by itself, or soon after `signal` aborts. */
  drive(load: Load, url: URL, control: LoadControl, signal: AbortSignal): Promise<DriverReport>
}
