import type { FaultEffect } from '../plan/faults/fault.ts'

/** The fault that a backend has at the moment, as its connections and its queue need it. */
export interface FaultState {
  /** Factor on the service time: 1 without a fault. */
  readonly slowdown: number
  /** Share of the requests that get a 500, where it exceeds the plan's `errorRate`. */
  readonly errorShare: number
  /** Requests get a TCP reset. */
  readonly resets: boolean
  /** Defers a response until the backend recovers; false when it does not hang. */
  defer(respond: () => void): boolean
  /** Drops a deferred response. */
  drop(respond: () => void): void
  /** Sets the fault; undefined: none. Deferred responses are then sent. */
  set(fault: FaultEffect | undefined): void
}

/** The state of a backend without a fault. Requests already in service are not slowed down later. */
export function faultState(): FaultState {
  let fault: FaultEffect | undefined
  const deferred = new Set<() => void>()
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
    defer(respond) {
      if (fault?.kind !== 'hang') return false
      deferred.add(respond)
      return true
    },
    drop: (respond) => void deferred.delete(respond),
    set(next) {
      fault = next
      if (next?.kind === 'hang') return
      const responses = [...deferred]
      deferred.clear()
      for (const respond of responses) respond()
    },
  }
}
