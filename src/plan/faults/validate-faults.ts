import type { BackendPlan } from '../plan.ts'
import type { FaultStep } from './fault-steps.ts'
import { validateSteps } from './validate-steps.ts'

/** The fields of a scenario that its faults depend on. */
interface FaultScenario {
  readonly faults?: readonly FaultStep[] | undefined
  readonly backends: readonly BackendPlan[]
  readonly duration: number
  readonly phase: string
  readonly rate?: number | undefined
  readonly control: boolean
  readonly targets: readonly string[]
}

/** An invalid field, and what to write instead. */
export interface FaultsIssue {
  readonly path: readonly (string | number)[]
  readonly remedy: string
}

/** Targets without mock backends behind them. */
const withoutBackends = ['url']

/**
 * The first problem of a scenario's faults, or of the fields that they need: one rate for all arms in an open
 * loop, and mock backends behind every target. The `control` uses one backend only.
 */
export function validateFaults(scenario: FaultScenario, control: string): FaultsIssue | undefined {
  const { faults, phase, rate, targets } = scenario
  if (faults === undefined) return undefined
  if (phase !== 'latency') {
    return { path: ['phase'], remedy: 'write phase: latency: faults need a given request rate' }
  }
  if (rate === undefined) {
    return {
      path: ['rate'],
      remedy: 'give requests per second, such as 1000: faults need a given request rate',
    }
  }
  if (scenario.control) {
    return { path: ['control'], remedy: 'write control: false: the control uses one backend only' }
  }
  const target = targets.findIndex((name) => name === control || withoutBackends.includes(name))
  if (target !== -1) {
    const remedy = 'remove it: the mock backends are not behind this target'
    return { path: ['targets', target], remedy }
  }
  const issue = validateSteps({ ...scenario, faults })
  return issue && { path: ['faults', issue.step, issue.field], remedy: issue.remedy }
}
