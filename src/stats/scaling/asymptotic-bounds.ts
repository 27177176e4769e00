/** Service demands of a closed system, in seconds. */
export interface Demands {
  /** Of all stations together: the time of a request that never waits. */
  readonly total: number
  /** Of the busiest station. */
  readonly greatest: number
  /** Pause between an answer and the next request. */
  readonly think?: number
}

/** What a closed system can do at most. */
export interface AsymptoticBounds {
  /** Requests per second that the busiest station allows, with however many connections. */
  readonly greatestRate: number
  /** Connections from which on that station is the limit. */
  readonly knee: number
  /** Requests per second that n connections can reach at most. */
  rate(connections: number): number
}

/**
 * Bounds on throughput: X(N) ≤ min(N / (D + Z), 1 / Dmax).
 *
 * Source: Denning and Buzen, ACM Computing Surveys 10(3), 1978.
 */
export function asymptoticBounds({ total, greatest, think = 0 }: Demands): AsymptoticBounds {
  const greatestRate = 1 / greatest
  return {
    greatestRate,
    knee: (total + think) / greatest,
    rate: (connections) => Math.min(connections / (total + think), greatestRate),
  }
}
