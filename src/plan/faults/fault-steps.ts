import { percentage } from '../../kit/percentage.ts'
import { field, fields, integer, seconds } from '../fields.ts'
import type { BackendPlan } from '../plan.ts'
import type { Fault, FaultKind } from './fault.ts'

/** `heal` ends whatever there is. */
type Deed = FaultKind | { readonly kind: 'heal' }

const deed = field(
  deedOf,
  'give kill, restart, slow ×10, errors 20 %, reset, hang, or heal, which ends any of them',
)

/** One line of a scenario's `faults`: what to do to which backend, and when. */
export const faultStep = fields({
  at: seconds('above 0').describe('Time since the window opened, from 1s on.'),
  backend: integer(1).describe('Number of the backend, from 1.'),
  do: deed.describe('What happens to it.'),
  for: seconds('above 0')
    .optional()
    .describe(
      'Time after which the fault ends. Without it: a later step ends it, or the end of the window.',
    ),
})

export interface FaultStep {
  readonly at: number
  readonly backend: number
  readonly do: Deed
  readonly for?: number | undefined
}

/** What steps are held against. */
export interface FaultsAsked {
  readonly faults: readonly FaultStep[]
  readonly backends: readonly BackendPlan[]
  readonly duration: number
}

/** A step that cannot be: its place, from 0, the field that is wrong, and what to write instead. */
export interface StepMistake {
  readonly step: number
  readonly field: keyof FaultStep
  readonly remedy: string
}

/** Seconds before the first fault: what comes after is held against them. */
const before = 1

/** The first step that cannot be: outside of the window, at a backend that is not there, or in the way of another. */
export function stepMistake({ faults, backends, duration }: FaultsAsked): StepMistake | undefined {
  for (const [step, one] of faults.entries()) {
    const found =
      misplaced(one, { backends, duration }) ?? unfit(one, faults.slice(0, step), backends)
    if (found !== undefined) return { step, ...found }
  }
  return undefined
}

type Found = Omit<StepMistake, 'step'>

function misplaced(
  step: FaultStep,
  { backends, duration }: Omit<FaultsAsked, 'faults'>,
): Found | undefined {
  const end = step.at + (step.for ?? 0)
  if (step.backend > backends.length) {
    return {
      field: 'backend',
      remedy: `there are ${backends.length} backends: give 1 to ${backends.length}`,
    }
  }
  if (step.at < before) {
    return { field: 'at', remedy: `give ${before}s or more: what follows is held against before` }
  }
  if (step.at >= duration) {
    return {
      field: 'at',
      remedy: `only ${duration}s are measured: give less, or a longer duration`,
    }
  }
  if (end > duration) {
    return {
      field: 'for',
      remedy: `only ${duration}s are measured: give less, or a longer duration`,
    }
  }
  return undefined
}

/** A backend has one fault at a time; steps stand in the order in which they happen. */
function unfit(
  step: FaultStep,
  earlier: readonly FaultStep[],
  backends: readonly BackendPlan[],
): Found | undefined {
  const { kind } = step.do
  const last = earlier.at(-1)
  if (last !== undefined && step.at < last.at) {
    return { field: 'at', remedy: `give ${last.at}s or more: steps stand in order of time` }
  }
  if (step.for !== undefined && (kind === 'heal' || kind === 'restart')) {
    return { field: 'for', remedy: `leave it out: ${kind} is over at once` }
  }
  const under = lasting(faultsOf(earlier), step)
  if (under?.until !== undefined) {
    return {
      field: 'at',
      remedy: `give ${under.until}s or more: until then its ${under.ails.kind} lasts`,
    }
  }
  if (kind === 'heal' && under === undefined) {
    return { field: 'do', remedy: 'leave it out: nothing ails this backend then' }
  }
  if (under !== undefined && !ends(step, under.ails)) {
    const end = under.ails.kind === 'kill' ? 'restart' : 'heal'
    return { field: 'do', remedy: `end its ${under.ails.kind} first, by "do: ${end}" or by "for"` }
  }
  if (kind === 'slow' && backends[step.backend - 1]?.serviceTime.kind === 'none') {
    return { field: 'do', remedy: 'give the backend a serviceTime: none cannot be made longer' }
  }
  return undefined
}

/** A restart ends a kill; heal ends everything. */
function ends({ do: { kind } }: FaultStep, ails: FaultKind): boolean {
  return kind === 'heal' || (kind === 'restart' && ails.kind === 'kill')
}

/** The fault that a step finds at its backend. */
function lasting(faults: readonly Fault[], { backend, at }: FaultStep): Fault | undefined {
  return faults.find(
    (one) => one.backend === backend && (one.until ?? Number.POSITIVE_INFINITY) > at,
  )
}

/** The faults that steps make, in order of time: each with the time at which it ends, if it does. */
export function faultsOf(steps: readonly FaultStep[]): Fault[] {
  const faults: Fault[] = []
  for (const step of steps) {
    const { at, backend, do: what } = step
    const under = lasting(faults, step)
    if (under !== undefined && ends(step, under.ails)) under.until = at
    else if (what.kind !== 'heal') {
      const until = what.kind === 'restart' ? at : step.for && at + step.for
      faults.push({ at, ...(until !== undefined && { until }), backend, ails: what })
    }
  }
  return faults
}

function deedOf(value: unknown): Deed | undefined {
  const [kind = '', ...rest] = String(value).trim().split(/\s+/)
  const given = rest.join(' ')
  if (kind === 'slow') return slowness(given)
  if (kind === 'errors') {
    const share = percentage(given)
    return share === undefined ? undefined : { kind, share }
  }
  if (given !== '') return undefined
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
function slowness(text: string): Deed | undefined {
  const times = Number(/^[×x]?\s?(\d+(?:\.\d+)?)$/.exec(text)?.[1])
  return times > 1 ? { kind: 'slow', times } : undefined
}
