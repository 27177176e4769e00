/** Milliseconds between two checks. */
const checkMs = 250

/** A watch for silence, until it is disposed. */
export interface SilenceWatch extends Disposable {
  /** A word was heard. */
  heard(): void
}

/**
 * Calls `silent` once nothing was heard for so many milliseconds. It counts checks: while the whole host is stopped,
 * none passes.
 */
export function silenceWatch(maxMs: number, silent: () => void): SilenceWatch {
  let checks = 0
  const timer = setInterval(() => {
    checks++
    if (checks <= maxMs / checkMs) return
    clearInterval(timer)
    silent()
  }, checkMs)
  return {
    heard() {
      checks = 0
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
