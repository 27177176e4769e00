import type { Pause, PauseKind } from './pause.ts'

/** Pauses that are kept. */
const kept = 4000

/** The last pauses of a thread: at most 4,000. */
interface LastPauses {
  note(kind: PauseKind, fromMs: number, untilMs: number): void
  /** In no order. */
  report(): Pause[]
}

/** Keeps the last pauses. */
export function lastPauses(): LastPauses {
  const pauses: Pause[] = []
  let next = 0
  return {
    note(kind, fromMs, untilMs) {
      pauses[next] = { kind, fromMs, untilMs }
      next = (next + 1) % kept
    },
    report: () => [...pauses],
  }
}
