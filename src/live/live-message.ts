/** Outcome of a threshold so far; `pending`: it is judged at the end. */
type ThresholdState = 'pending' | 'pass' | 'fail' | 'inconclusive' | 'invalid'

/** A threshold as the page shows it. */
interface LiveThreshold {
  /** As written: `p99 < 100ms @ hold`. */
  readonly text: string
  readonly state: ThresholdState
  /** What was measured; empty where nothing is known yet. */
  readonly detail: string
}

/** A row of the table of arms (a benchmark) or steps (a load test): texts with units. */
interface LiveRow {
  readonly name: string
  readonly cells: readonly string[]
}

/** Everything that the page shows besides its charts: small, and replaced as a whole. */
export interface LiveHead {
  /** `lb bench  default`. */
  readonly title: string
  readonly state: 'running' | 'stopping' | 'ended'
  /** Where the result is, once the run has ended. */
  readonly message: string
  /** Seconds since the run began. */
  readonly elapsed: number
  /** Seconds that are left; absent where that is unknown. */
  readonly left?: number | undefined
  /** Share of the run that is over, as a fraction; absent likewise. */
  readonly share?: number | undefined
  /** What runs now: `capacity  weighted ×1, trial 2 of 3`, `hold, stage 2 of 3`. */
  readonly current: string
  /** The bottleneck of the last trial, as a clause. */
  readonly limits: string
  /** What disturbs the run, as clauses. */
  readonly troubles: readonly string[]
  /** Failed requests by kind. */
  readonly failures: Readonly<Record<string, number>>
  readonly checks: readonly {
    readonly name: string
    readonly passed: number
    readonly failed: number
  }[]
  readonly thresholds: readonly LiveThreshold[]
  /** Heads of the table, and its rows. */
  readonly table: { readonly head: readonly string[]; readonly rows: readonly LiveRow[] }
}

/** Requests in a short time. */
export interface LivePoint {
  /** The middle of that time, in seconds since the run began. */
  readonly at: number
  /** Its length in seconds. */
  readonly seconds: number
  /** Requests or visits that were due; absent where the load has no planned rate. */
  readonly planned?: number | undefined
  /** Visits that began; absent where they are not counted apart from requests. */
  readonly sent?: number | undefined
  /** Requests that ended, failed ones included. */
  readonly done: number
  readonly failed: number
  /** Times to the responses (µs), as src/stats/histogram encodes them; absent or empty where they are not known yet. */
  readonly latency?: string | undefined
}

/** A trial that is over. Times in seconds. */
export interface LiveTrial {
  /** Its end, in seconds since the run began. */
  readonly at: number
  readonly name: string
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  /** Failed requests, as a fraction. */
  readonly failed: number
}

/** A message of the coordinator to the process of the live page: what is new. */
export interface LiveMessage {
  readonly head?: LiveHead | undefined
  readonly points?: readonly LivePoint[]
  readonly trials?: readonly LiveTrial[]
}
