/** What the balancer process is told when it is started. Checked before any socket opens. */
export interface BalancerConfig {
  readonly algorithm: string
  readonly host: string
  /** 0 lets the kernel choose. */
  readonly port: number
  readonly workers: number
  readonly backends: readonly BackendConfig[]
  /** Seeds what the algorithm draws. */
  readonly seed: number
  readonly timeouts: {
    /** Seconds until a connection to a backend must stand. */
    readonly connect: number
    /** Seconds until the first byte of a backend's answer. */
    readonly firstByte: number
    /** Seconds without a byte in either direction, in the middle of an answer. */
    readonly idle: number
  }
}

export interface BackendConfig {
  /** `http://host:port` */
  readonly url: string
  readonly weight: number
}

/** What the balancer says once every worker listens. */
export interface BalancerReady {
  readonly port: number
}

/** What the balancer counted since its start, over all workers. */
export interface BalancerCounts {
  /** Requests whose head was read. */
  readonly requests: number
  /** Requests answered in full, by any status. */
  readonly answered: number
  /** Answers that the balancer made itself, because no backend could. */
  readonly failed: { readonly 502: number; readonly 503: number; readonly 504: number }
  /** Requests whose client went away before its answer was complete. */
  readonly aborted: number
  /** Requests sent to each backend, retries included, in configuration order. */
  readonly perBackend: readonly number[]
  /** Requests in flight to each backend now. */
  readonly inFlight: readonly number[]
  /** Requests each worker took: shows how evenly connections were spread. */
  readonly perWorker: readonly number[]
}
