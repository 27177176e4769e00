/** A request of a journey. */
export interface StepRequest {
  /** The name that its figures are grouped by; never the filled-in path. */
  readonly name: string
  readonly method: string
  /** Absolute, or a path of the target. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
  /** Milliseconds after which it has failed (default: the time-out of the run). */
  readonly timeoutMs?: number
  /** Maximum number of redirects that are followed (default 0). */
  readonly redirects?: number
  /** Whether a response of this status is a failure (default: from 400 on). */
  readonly isFailure?: (status: number) => boolean
}

/** A response to such a request, or its failure. */
export interface StepResponse {
  /** 0 where there is no complete response. */
  readonly status: number
  /** By name in lower case; a list where a field came several times. */
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer
  /** As the response has it: `HTTP/1.1`, `HTTP/2`; absent without one. */
  readonly protocol?: string
  /** Milliseconds from when the request was due to its complete response or failure. */
  readonly durationMs: number
  /** The kind of the failure: `ECONNREFUSED`, `timed out`. */
  readonly error?: string
}

/**
 * The client of one visit: a journey that is code sends its requests and reports its checks through it. Failures are
 * counted by the client and returned as `status: 0` with `error`; it throws only when the run is aborted.
 */
export interface JourneyClient {
  request(spec: StepRequest): Promise<StepResponse>
  /** Counts a check of the last request, by its name. */
  check(name: string, passed: boolean): void
  /** Resolves after so many seconds; at once where 0. */
  pause(seconds: number): Promise<void>
  /** Runs a part of the journey; the names of its requests begin with that of the group: `group / name`. */
  group<T>(name: string, run: () => Promise<T>): Promise<T>
  /** Adds a value to a metric of the user. */
  metric(name: string, kind: 'trend' | 'counter' | 'rate' | 'gauge', value: number): void
  /** Ends the load of all drivers, and this visit, for a reason that the report shows. */
  endLoad(reason: string): never
  /** Number of the visit (open model) or of the user (closed model), from 1, unique in the run. */
  readonly visitor: number
  /** How often this user began its journey before; 0 in the open model. */
  readonly iteration: number
  /** A number from 0 to below 1, seeded. */
  random(): number
}
