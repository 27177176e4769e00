/** Service demands of a closed system, in seconds. */
export interface Demands {
  /** Of all stations together: the time of a request that never queues. */
  readonly total: number
  /** Of the busiest station. */
  readonly max: number
  /** Think time: pause between a response and the next request. */
  readonly think?: number
}

/** Upper bounds on the throughput of a closed system. */
export interface AsymptoticBounds {
  /** Requests per second that the busiest station allows, with any number of connections. */
  readonly maxRate: number
  /** Number of connections from which on that station is the bottleneck. */
  readonly knee: number
  /** Maximum number of requests per second of n connections. */
  rate(connections: number): number
}

/**
 * Bounds on throughput: X(N) ≤ min(N / (D + Z), 1 / Dmax). No command uses them yet; part of the library for its
 * published test vectors.
 *
 * Source: Denning and Buzen, ACM Computing Surveys 10(3), 1978.
 */
export function asymptoticBounds({ total, max, think = 0 }: Demands): AsymptoticBounds {
  const maxRate = 1 / max
  return {
    maxRate,
    knee: (total + think) / max,
    rate: (connections) => Math.min(connections / (total + think), maxRate),
  }
}
