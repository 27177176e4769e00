/** Milliseconds: the second restart in a row waits `initial`, each further one twice as long, up to `max`. */
const pause = { initial: 100, max: 5000 }
/** Milliseconds that a process must have served for the next restart to count as the first. */
const healthyMs = 10_000

/** Pauses before restarts: they grow while processes end soon, since one that fails at once would take all CPU. */
export interface RestartPauses {
  /** Milliseconds to wait now that a process has ended which served for `servedMs`. */
  next(servedMs: number): number
}

/** The first restart is at once. */
export function restartPauses(): RestartPauses {
  let inRow = 0
  return {
    next(servedMs) {
      if (servedMs >= healthyMs) inRow = 0
      const ms = inRow === 0 ? 0 : Math.min(pause.initial * 2 ** (inRow - 1), pause.max)
      inRow++
      return ms
    },
  }
}
