/** A part of a scenario in which its level changes linearly. */
export interface K6Ramp {
  readonly seconds: number
  /** Iterations per second (open) or virtual users (closed). */
  readonly from: number
  readonly to: number
}

/** A scenario of a k6 script: which function runs, and how much of it when. */
export interface K6Scenario {
  readonly name: string
  /** The exported function that an iteration calls. */
  readonly exec: string
  /** Values of `__ENV` that it has besides those of the script. */
  readonly env?: Readonly<Record<string, string>>
  readonly startSeconds: number
  readonly model: 'open' | 'closed'
  readonly ramps: readonly K6Ramp[]
  /** The load ends after so many iterations: of each virtual user, or of all together. */
  readonly iterations?: { readonly count: number; readonly of: 'each' | 'all' }
}

/** Settings of a script that its requests depend on: k6's options of the same names. */
export interface K6Settings {
  /** Redirects that a request follows; default 10. */
  readonly maxRedirects: number
  /** Parallel requests of `http.batch`, in all and to one host; 0 for no maximum. Defaults 20 and 6. */
  readonly batch: number
  readonly batchPerHost: number
  readonly discardResponseBodies: boolean
  /** Whether cookies survive the end of an iteration. */
  readonly noCookiesReset: boolean
  readonly userAgent?: string | undefined
}

/** Values of a metric of k6 that a threshold of the script selects by their tags: they are counted as a metric of their own. */
export interface K6Selector {
  /** `http_req_duration`, or a metric of the script. */
  readonly metric: string
  /** The tags that a value must have; none: every value. */
  readonly tags: Readonly<Record<string, string>>
  readonly kind: 'trend' | 'counter' | 'rate' | 'gauge'
  /** Name that they are counted under, as the script has it: `http_req_duration{static:yes}`. */
  readonly name: string
}

/** A journey that is a k6 script. It crosses the channel to the processes of drivers. */
export interface K6Journey {
  /** `__ENV` of the script. */
  readonly env: Readonly<Record<string, string>>
  readonly scenarios: readonly K6Scenario[]
  readonly settings: K6Settings
  /** Values that only thresholds count (default: none). */
  readonly selectors?: readonly K6Selector[] | undefined
  /** The result of `setup()`, as JSON; undefined without one. */
  readonly data?: string | undefined
}

/** The metric in which calls of `exec.test.fail()` are counted: a run that has it has failed. */
export const failedTest = 'exec.test.fail()'
