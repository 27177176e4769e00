import type { FaultKind } from '../plan/faults/fault.ts'

/** What ails a backend, as those who work in it need to know. */
export interface FaultState {
  /** How many times as long it works on a request: 1 while it is well. */
  readonly slowness: number
  /** Share of the requests that it answers with 500, besides what its plan says. */
  readonly errorShare: number
  /** It answers requests with a reset. */
  readonly resets: boolean
  /** Keeps an answer back until it is well again; false: it does not hang. */
  holds(answer: () => void): boolean
  /** Gives up an answer that is kept back. */
  drop(answer: () => void): void
  /** From now on it has this, or is well: then it gives what it kept back. */
  become(ails: FaultKind | undefined): void
}

/** The condition of a backend that is well. What is worked on already is not made slower. */
export function faultState(): FaultState {
  let ails: FaultKind | undefined
  const held = new Set<() => void>()
  return {
    get slowness() {
      return ails?.kind === 'slow' ? ails.times : 1
    },
    get errorShare() {
      return ails?.kind === 'errors' ? ails.share : 0
    },
    get resets() {
      return ails?.kind === 'reset'
    },
    holds(answer) {
      if (ails?.kind !== 'hang') return false
      held.add(answer)
      return true
    },
    drop: (answer) => void held.delete(answer),
    become(next) {
      ails = next
      if (next?.kind === 'hang') return
      const answers = [...held]
      held.clear()
      for (const answer of answers) answer()
    },
  }
}
