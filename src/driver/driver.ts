import type { Load } from '../plan/plan.ts'

/** What became of the requests that a driver sent. Every request is in exactly one of these. */
export interface Counts {
  /** Complete answers with a 2xx status. */
  readonly ok: number
  /** Complete answers with any other status. */
  readonly non2xx: number
  /** No complete answer: refused, reset or cut short; also where the open loop lets a refusing target rest. */
  readonly errors: number
  /** No complete answer within the time-out. */
  readonly timeouts: number
  /** Arrivals of an open loop that were never sent: too many were in flight, or the driver was late by the time-out. */
  readonly dropped: number
}

/** What a driver saw, in whole microseconds where it is a time. */
export interface DriverReport {
  /** Length of the measured window. */
  readonly windowSeconds: number
  /** How long the load ran before the window opened. */
  readonly warmupSeconds: number
  /** Whether throughput was steady when the window opened. */
  readonly steady: boolean
  /** Requests that ended inside the window (open loop: that were due inside it). */
  readonly window: Counts
  /** Requests from the first byte to the last, warm-up and drain included. */
  readonly total: Counts
  /** Requests sent and not ended when the window opened, and when it closed. */
  readonly inFlight: { readonly opened: number; readonly closed: number }
  /**
   * Time to each complete answer of the window, as an HDR histogram (V2, compressed, base64), µs.
   * Closed loop: from sending. Open loop: from when it was due.
   */
  readonly latency: string
  /** Mean of the same times, exact, in seconds; errors and time-outs included with the time they took. */
  readonly meanSeconds: number
  /** Open loop: time from sending to the answer. */
  readonly service?: string
  /** Open loop: how late each request was sent after it was due. */
  readonly lateness?: string
  /** Open loop: arrivals planned in the window. */
  readonly planned?: number
  /** Answers completed in each 100 ms since the load began, warm-up included. */
  readonly bins: readonly number[]
  /** Share of the window in which the driver's event loop had work. */
  readonly driverBusy?: number
  /** Share of the window in which the driver stood still: stopped, throttled, or robbed of its CPU. */
  readonly driverStalled?: number
  /** Open loop, where it was asked for: what became of requests in the course of the window. */
  readonly course?: OutcomeTimeline
  /** First few error messages, each with its count: what to show when something went wrong. */
  readonly errorKinds: Readonly<Record<string, number>>
}

/** What became of requests in the course of a window. Each stands in the bin in which it ended. */
export interface OutcomeTimeline {
  /** Answers with a 2xx status in each bin. */
  readonly ok: readonly number[]
  /** All else that ended in it: other answers, errors, time-outs, arrivals that were never sent. */
  readonly failed: readonly number[]
  /** Seconds at p99 of each so many bins, requests without an answer slower than any; null: among those, or none ended. */
  readonly p99: readonly (number | null)[]
}

/** The moments of a run that the meters need: they read their counters when the window opens and closes. */
export interface WindowListener {
  /** `atMs` of `performance.now()`. */
  opened(atMs: number): void
  closed(): void
}

/** A way to put load on a target. */
export interface Driver {
  readonly name: string
  readonly summary: string
  /** Loads what it drives with, which takes longer than all else of its process's start. */
  prepare(): Promise<unknown>
  /** Runs one load against `url`; ends by itself, or soon after `signal` aborts. */
  drive(load: Load, url: URL, moments: WindowListener, signal: AbortSignal): Promise<DriverReport>
}
