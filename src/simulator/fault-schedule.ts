import type { Fault } from '../plan/faults/fault.ts'
import type { Engine } from './engine.ts'

/** Lets the faults begin and end in simulated time. */
export function scheduleFaults(engine: Engine, faults: readonly Fault[]): void {
  for (const { at, until, backend, effect } of faults) {
    const row = backend - 1
    const { begin, end } = effectOf(engine, row, effect)
    engine.at(at, begin)
    if (until !== undefined) engine.at(until, end)
  }
}

interface Effect {
  begin(): void
  end(): void
}

function effectOf(engine: Engine, row: number, effect: Fault['effect']): Effect {
  const { isHolding, errorShare, servers } = engine
  switch (effect.kind) {
    // A backend that resets connections fails at once, as one that is down does.
    case 'kill':
    case 'reset':
      return {
        begin: () => engine.setUnreachable(row, true),
        end: () => engine.setUnreachable(row, false),
      }
    case 'restart':
      return {
        begin() {
          engine.setUnreachable(row, true)
          engine.setUnreachable(row, false)
        },
        end() {},
      }
    case 'slow':
      return switched(servers.slowness, row, effect.times)
    case 'errors':
      return switched(errorShare, row, effect.share)
    case 'hang':
      return {
        begin: switched(isHolding, row, 1).begin,
        end() {
          isHolding[row] = 0
          engine.releaseHeld(row)
        },
      }
  }
}

/** Another value for a row while the fault lasts. */
function switched(column: Float64Array | Uint8Array, row: number, value: number): Effect {
  const usual = column[row] as number
  return {
    begin() {
      column[row] = value
    },
    end() {
      column[row] = usual
    },
  }
}
