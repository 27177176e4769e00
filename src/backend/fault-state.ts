import type { FaultEffect } from '../plan/faults/fault.ts'

/** The fault that a backend has at the moment, as its connections and its queue need it. */
export interface FaultState {
  /** Factor on the service time: 1 without a fault. */
  readonly slowdown: number
  /** Share of the requests that get a 500, where it exceeds the plan's `errorRate`. */
  readonly errorShare: number
  /** Requests get a TCP reset. */
  readonly resets: boolean
  /** Holds a response back until the backend recovers; false when it does not hang. */
  hold(respond: () => void): boolean
  /** Drops a response that is held back. */
  drop(respond: () => void): void
  /** Sets the fault; undefined: none. Responses that were held back are then sent. */
  set(fault: FaultEffect | undefined): void
}

/** The state of a backend without a fault. Requests already in service are not slowed down later. */
export function faultState(): FaultState {
  let fault: FaultEffect | undefined
  const held = new Set<() => void>()
  return {
    get slowdown() {
      return fault?.kind === 'slow' ? fault.times : 1
    },
    get errorShare() {
      return fault?.kind === 'errors' ? fault.share : 0
    },
    get resets() {
      return fault?.kind === 'reset'
    },
    hold(respond) {
      if (fault?.kind !== 'hang') return false
      held.add(respond)
      return true
    },
    drop: (respond) => void held.delete(respond),
    set(next) {
      fault = next
      if (next?.kind === 'hang') return
      const responses = [...held]
      held.clear()
      for (const respond of responses) respond()
    },
  }
}
