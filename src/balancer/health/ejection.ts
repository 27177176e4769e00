/** How long ejections last. */
export interface BackOff {
  /** Seconds of the first. */
  readonly ejection: number
  /** Seconds that none exceeds. */
  readonly maxEjection: number
}

/**
 * How many times the first ejection's time the next one takes: once more than the last time, less one
 * for every such time that the backend was in since. Does not grow once the longest is reached, so
 * that a backend which was out for a day is not punished for another.
 */
export function nextBackOff(
  last: number,
  inFor: number,
  { ejection, maxEjection }: BackOff,
): number {
  const left = Math.max(0, last - Math.floor(Math.max(0, inFor) / ejection))
  return Math.min(left + 1, Math.ceil(maxEjection / ejection))
}

/** Seconds that an ejection lasts. */
export function ejectionSeconds(backOff: number, { ejection, maxEjection }: BackOff): number {
  return Math.min(backOff * ejection, maxEjection)
}

/** How many of `backends` may be ejected at once. */
export function maxEjected(backends: number, share: number): number {
  // 0.29 × 100 is 28.999… in binary: a whole number of backends must not be rounded away.
  return Math.floor(backends * share + 1e-9)
}
