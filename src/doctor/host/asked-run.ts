/** The load that a host is checked for. */
export interface AskedRun {
  /** Connections at once, on each side of the balancer. */
  readonly connections: number
  /** Requests per second, where a rate is known. */
  readonly rate?: number | undefined
  /** Addresses that the balancer connects to. */
  readonly backends: number
  /** Whether connections are used for more than one request. */
  readonly keepAlive: boolean
}
