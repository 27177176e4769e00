import { bounds } from '../../kit/bounds.ts'
import { percentage } from '../../kit/percentage.ts'
import { field, fields, integer, seconds } from '../fields.ts'
import { textOf } from '../text-of.ts'
import type { Fault, FaultEffect } from './fault.ts'

/** The action of a step: the start of a fault, or `heal`, which ends any fault. */
type FaultAction = FaultEffect | { readonly kind: 'heal' }

const action = field(
  parseAction,
  'give kill, restart, slow ×10, errors 20 %, reset, hang, or heal, which ends any of them',
)

/** One step of a scenario's `faults`: an action on one backend at one time. */
export const faultStep = fields({
  at: seconds('above 0').describe('Time since the window opened, from 1s on.'),
  backend: integer(1, bounds.backends).describe('Number of the backend, from 1.'),
  do: action.describe('Action on the backend.'),
  for: seconds('above 0')
    .optional()
    .describe(
      'Time after which the fault ends. Without it: a later step ends it, or the end of the window.',
    ),
})

/** A step as read. Times in seconds since the window opened. */
export interface FaultStep {
  readonly at: number
  /** Number of the backend, from 1. */
  readonly backend: number
  readonly do: FaultAction
  readonly for?: number | undefined
}

/** Whether a step ends a fault: a restart ends a kill, `heal` ends every fault. */
export function endsFault({ do: { kind } }: FaultStep, effect: FaultEffect): boolean {
  return kind === 'heal' || (kind === 'restart' && effect.kind === 'kill')
}

/** The fault that is active on a step's backend when the step starts. */
export function activeFault(
  faults: readonly Fault[],
  { backend, at }: FaultStep,
): Fault | undefined {
  return faults.find(
    (one) => one.backend === backend && (one.until ?? Number.POSITIVE_INFINITY) > at,
  )
}

/** The faults that steps define, in order of time, each with the time at which it ends, if it does. */
export function faultsOf(steps: readonly FaultStep[]): Fault[] {
  const faults: Fault[] = []
  for (const step of steps) {
    const { at, backend, do: effect } = step
    const active = activeFault(faults, step)
    if (active !== undefined && endsFault(step, active.effect)) active.until = at
    else if (effect.kind !== 'heal') {
      const until = effect.kind === 'restart' ? at : step.for && at + step.for
      faults.push({ at, ...(until !== undefined && { until }), backend, effect })
    }
  }
  return faults
}

function parseAction(value: unknown): FaultAction | undefined {
  const [kind = '', ...rest] = textOf(value).trim().split(/\s+/)
  const parameter = rest.join(' ')
  if (kind === 'slow') return parseSlow(parameter)
  if (kind === 'errors') {
    const share = percentage(parameter)
    return share === undefined ? undefined : { kind, share }
  }
  if (parameter !== '') return undefined
  switch (kind) {
    case 'kill':
    case 'restart':
    case 'reset':
    case 'hang':
    case 'heal':
      return { kind }
    default:
      return undefined
  }
}

/** `×10`, `x10` or `10`: above 1. */
function parseSlow(text: string): FaultAction | undefined {
  const times = Number(/^[×x]?\s?(\d+(?:\.\d+)?)$/.exec(text)?.[1])
  return times > 1 ? { kind: 'slow', times } : undefined
}
