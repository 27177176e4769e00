/** How long ejections last. */
export interface EjectionTimes {
  /** Seconds of the first ejection. */
  readonly ejection: number
  /** Maximum seconds of an ejection. */
  readonly maxEjection: number
}

/**
 * The backoff of the next ejection: the multiple of the first ejection's time that it lasts. It is one more
 * than the last, minus one for each such time that the backend was in since. It stops growing when the
 * maximum is reached, so that a backend which was out for a day does not stay out for another.
 */
export function nextBackOff(
  last: number,
  secondsIn: number,
  { ejection, maxEjection }: EjectionTimes,
): number {
  const left = Math.max(0, last - Math.floor(Math.max(0, secondsIn) / ejection))
  return Math.min(left + 1, Math.ceil(maxEjection / ejection))
}

/** Seconds that an ejection lasts. */
export function ejectionSeconds(backOff: number, { ejection, maxEjection }: EjectionTimes): number {
  return Math.min(backOff * ejection, maxEjection)
}

/** Maximum number of `backends` that may be ejected at the same time. */
export function maxEjected(backends: number, share: number): number {
  // 0.29 × 100 is 28.999… in binary: a whole number of backends must not be rounded down.
  return Math.floor(backends * share + 1e-9)
}
