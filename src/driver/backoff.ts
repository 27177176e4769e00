/** Milliseconds of rest after the second failure in a row, doubled for each further one up to the longest. */
const firstMs = 10
const longestMs = 1000

/**
 * How long to leave a target alone that failed so many times in a row, in milliseconds. Not at all after
 * the first: a connection may end at any time, and a new one is the cure.
 */
export function backoffMs(failures: number): number {
  return failures < 2 ? 0 : Math.min(longestMs, firstMs * 2 ** (failures - 2))
}

/** Whether a target refuses connections, and until when it is therefore left alone. */
export interface ConnectFailures {
  /** A connection could not be opened. `sinceMs`: when that was begun. */
  add(sinceMs: number, nowMs: number): void
  /** A connection was opened. */
  connected(): void
  /** Nothing is to be sent before. */
  readonly retryAtMs: number
}

/** Counts refusals in a row. Those of attempts that ran beside one that was counted are the same one. */
export function connectFailures(): ConnectFailures {
  let count = 0
  let countedMs = Number.NEGATIVE_INFINITY
  let untilMs = Number.NEGATIVE_INFINITY
  return {
    add(sinceMs, nowMs) {
      if (sinceMs < countedMs) return
      count++
      countedMs = nowMs
      untilMs = nowMs + backoffMs(count)
    },
    connected() {
      count = 0
    },
    get retryAtMs() {
      return untilMs
    },
  }
}
