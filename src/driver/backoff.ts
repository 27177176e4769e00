/** Milliseconds of backoff after the second failure in a row; doubled for each further one, up to the maximum. */
const baseMs = 10
const maxMs = 1000

/**
 * How long to wait before the next attempt after so many failures in a row, in milliseconds. 0 after the
 * first failure: a connection may end at any time, and a new one is all that is needed.
 */
export function backoffMs(failures: number): number {
  return failures < 2 ? 0 : Math.min(maxMs, baseMs * 2 ** (failures - 2))
}

/** Counts connect failures in a row, and says until when not to connect. Times in ms of `performance.now()`. */
export interface ConnectFailures {
  /** A connection could not be opened. `sinceMs`: when the attempt began. */
  add(sinceMs: number, nowMs: number): void
  /** A connection was opened. */
  connected(): void
  /** No request is sent before this time. */
  readonly retryAtMs: number
}

/** A count of 0. Attempts that were under way when another one failed count as the same failure. */
export function connectFailures(): ConnectFailures {
  let count = 0
  let countedMs = Number.NEGATIVE_INFINITY
  let retryAtMs = Number.NEGATIVE_INFINITY
  return {
    add(sinceMs, nowMs) {
      if (sinceMs < countedMs) return
      count++
      countedMs = nowMs
      retryAtMs = nowMs + backoffMs(count)
    },
    connected() {
      count = 0
    },
    get retryAtMs() {
      return retryAtMs
    },
  }
}
