/** How late a sleeper wakes, learned from its wake-ups. Milliseconds. */
export interface Lateness {
  add(lateMs: number): void
  /** Estimate of the median. */
  readonly medianMs: number
}

/** The first estimate: the timer slack of a Linux thread (prctl(2), PR_SET_TIMERSLACK) is 50 µs. */
const firstMs = 0.05
/** How far one wake-up moves the estimate. */
const stepMs = 0.002

/** An estimate of the median that follows it: each wake-up moves it by the same step, up or down. */
export function lateness(): Lateness {
  let medianMs = firstMs
  return {
    add(lateMs) {
      medianMs += lateMs > medianMs ? stepMs : -stepMs
    },
    get medianMs() {
      return medianMs
    },
  }
}
