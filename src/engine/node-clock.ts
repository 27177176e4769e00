/** Milliseconds of the wall clock of this process, by its monotonic clock: steps of the wall clock do not change it. */
export function clockMs(): number {
  return performance.timeOrigin + performance.now()
}

/** One question for the time, and its response: all in ms. */
export interface RoundTrip {
  /** When it was sent and when the response came, by the own clock. */
  readonly sentMs: number
  readonly receivedMs: number
  /** When it was responded to, by the other clock. */
  readonly atMs: number
}

/** Another clock, as far as it is known. */
export interface ClockOffset {
  /** Milliseconds that it is ahead of the own clock. */
  readonly offsetMs: number
  /** Maximum error of this offset: half of the shortest round trip. */
  readonly boundMs: number
}

/** How fast another clock runs. */
export interface ClockRate {
  /** Its seconds in each second of the own clock: 0.98 for one that is 2 % slow. */
  readonly rate: number
  /** Maximum error of that. */
  readonly bound: number
}

/** The rate of another clock, by its offsets at two moments, so many ms apart. */
export function clockRate(first: ClockOffset, second: ClockOffset, elapsedMs: number): ClockRate {
  return {
    rate: 1 + (second.offsetMs - first.offsetMs) / elapsedMs,
    bound: (first.boundMs + second.boundMs) / elapsedMs,
  }
}

/**
 * The offset of another clock, by the shortest round trip: the response was written in its middle, give or take half of it.
 * Cristian, "Probabilistic clock synchronization", 1989.
 */
export function clockOffset(trips: readonly [RoundTrip, ...RoundTrip[]]): ClockOffset {
  const length = ({ sentMs, receivedMs }: RoundTrip) => receivedMs - sentMs
  const shortest = trips.reduce((best, trip) => (length(trip) < length(best) ? trip : best))
  const { sentMs, receivedMs, atMs } = shortest
  return { offsetMs: atMs - (sentMs + receivedMs) / 2, boundMs: length(shortest) / 2 }
}
