import type { BackendPlan } from '../plan.ts'
import { activeFault, endsFault, type FaultStep, faultsOf } from './fault-steps.ts'

/** The steps to validate, and the scenario that they must fit. */
export interface StepsOptions {
  readonly faults: readonly FaultStep[]
  readonly backends: readonly BackendPlan[]
  /** Seconds of the window. */
  readonly duration: number
}

/** An invalid step: its index, the invalid field, and what to write instead. */
export interface StepIssue {
  readonly step: number
  readonly field: keyof FaultStep
  readonly remedy: string
}

/** Seconds without faults at the start of the window: the baseline that faults are compared with. */
const baselineSeconds = 1

/**
 * The steps that are outside of the window, name no backend, or conflict with an earlier one. Conflicts are looked for up
 * to the first such step only: they depend on the steps before.
 */
export function validateSteps({ faults, backends, duration }: StepsOptions): StepIssue[] {
  const issues: StepIssue[] = []
  for (const [step, one] of faults.entries()) {
    const issue =
      outOfRange(one, { backends, duration }) ??
      (issues.length === 0 ? conflict(one, faults.slice(0, step), backends) : undefined)
    if (issue !== undefined) issues.push({ step, ...issue })
  }
  return issues
}

type FieldIssue = Omit<StepIssue, 'step'>

function outOfRange(
  step: FaultStep,
  { backends, duration }: Omit<StepsOptions, 'faults'>,
): FieldIssue | undefined {
  const end = step.at + (step.for ?? 0)
  const inWindow = `give a time within the window of ${duration}s, or a longer duration`
  if (step.backend > backends.length) {
    return {
      field: 'backend',
      remedy: `there are ${backends.length} backends: give 1 to ${backends.length}`,
    }
  }
  if (step.at < baselineSeconds) {
    return {
      field: 'at',
      remedy: `give ${baselineSeconds}s or more: the time before the first fault is the baseline`,
    }
  }
  if (step.at >= duration) return { field: 'at', remedy: inWindow }
  return end > duration ? { field: 'for', remedy: inWindow } : undefined
}

/** A backend has one fault at a time, and steps are in order of time. */
function conflict(
  step: FaultStep,
  earlier: readonly FaultStep[],
  backends: readonly BackendPlan[],
): FieldIssue | undefined {
  const { kind } = step.do
  const last = earlier.at(-1)
  if (last !== undefined && step.at < last.at) {
    return { field: 'at', remedy: `give ${last.at}s or more: steps must be in order of time` }
  }
  if (step.for !== undefined && (kind === 'heal' || kind === 'restart')) {
    return { field: 'for', remedy: `remove it: ${kind} has no duration` }
  }
  const active = activeFault(faultsOf(earlier), step)
  if (active?.until !== undefined) {
    return {
      field: 'at',
      remedy: `give ${active.until}s or more: this backend has the fault ${active.effect.kind} until then`,
    }
  }
  if (kind === 'heal' && active === undefined) {
    return { field: 'do', remedy: 'remove the step: this backend has no fault at that time' }
  }
  if (active !== undefined && !endsFault(step, active.effect)) {
    const end = active.effect.kind === 'kill' ? 'restart' : 'heal'
    return {
      field: 'do',
      remedy: `end the fault ${active.effect.kind} first, with "do: ${end}" or with "for"`,
    }
  }
  if (kind === 'slow' && backends[step.backend - 1]?.serviceTime.kind === 'none') {
    return { field: 'do', remedy: 'give the backend a serviceTime: none cannot be multiplied' }
  }
  return undefined
}
