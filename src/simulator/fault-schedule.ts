import type { Fault } from '../plan/faults/fault.ts'
import { type Attempts, place } from './attempts.ts'
import type { BackendConditions } from './backend-conditions.ts'
import type { RequestFlow } from './request-flow.ts'
import type { Servers } from './servers.ts'
import type { Timeline } from './timeline.ts'

/** The parts of a replication that faults act on. */
interface FaultParts {
  readonly timeline: Timeline
  readonly conditions: BackendConditions
  readonly servers: Servers
  readonly attempts: Attempts
  readonly flow: RequestFlow
}

/** Lets the faults begin and end in simulated time. */
export function scheduleFaults(faults: readonly Fault[], parts: FaultParts): void {
  for (const { at, until, backend, effect } of faults) {
    const { begin, end } = effectOf(parts, backend - 1, effect)
    parts.timeline.at(at, begin)
    if (until !== undefined) parts.timeline.at(until, end)
  }
}

interface Effect {
  begin(): void
  end(): void
}

function effectOf(parts: FaultParts, row: number, effect: Fault['effect']): Effect {
  const { conditions, servers } = parts
  const { isUnreachable, isHolding } = conditions
  switch (effect.kind) {
    // A backend that resets connections fails at once, as one that is down does.
    case 'kill':
    case 'reset':
      return {
        begin() {
          isUnreachable[row] = 1
          failAll(parts, row)
        },
        end() {
          isUnreachable[row] = 0
        },
      }
    case 'restart':
      return { begin: () => failAll(parts, row), end() {} }
    case 'slow':
      return {
        begin: () => servers.setSlowness(row, effect.times),
        end: () => servers.setSlowness(row, 1),
      }
    case 'errors':
      return withErrors(conditions, row, effect.share)
    case 'hang':
      return {
        begin() {
          isHolding[row] = 1
        },
        end() {
          isHolding[row] = 0
          releaseHeld(parts, row)
        },
      }
  }
}

/** Every attempt at a backend fails. */
function failAll({ attempts, flow }: FaultParts, row: number): void {
  for (const slot of attempts.at(row)) flow.fail(slot, 'refused')
}

/** A backend sends the responses that it held back. */
function releaseHeld({ attempts, flow }: FaultParts, row: number): void {
  for (const slot of attempts.at(row)) {
    if (attempts.where(slot) === place.held) flow.respond(slot)
  }
}

/** Another share of errors while the fault lasts. */
function withErrors(conditions: BackendConditions, row: number, share: number): Effect {
  const usual = conditions.errorShare[row] as number
  return {
    begin: () => conditions.setErrors(row, share),
    end: () => conditions.setErrors(row, usual),
  }
}
