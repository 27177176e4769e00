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
 * The problems of a scenario's faults, and of the fields that they need: one rate for all arms in an open
 * loop, and mock backends behind every target. The `control` uses one backend only.
 */
export function validateFaults(scenario: FaultScenario, control: string): FaultsIssue[] {
  const { faults, phase, rate, targets } = scenario
  if (faults === undefined) return []
  const issues: FaultsIssue[] = []
  if (phase !== 'latency') {
    issues.push({
      path: ['phase'],
      remedy: 'write phase: latency: faults need a given request rate',
    })
  }
  if (rate === undefined) {
    issues.push({
      path: ['rate'],
      remedy: 'give requests per second, such as 1000: faults need a given request rate',
    })
  }
  if (scenario.control) {
    issues.push({
      path: ['control'],
      remedy: 'write control: false: the control uses one backend only',
    })
  }
  for (const [index, name] of targets.entries()) {
    if (name !== control && !withoutBackends.includes(name)) continue
    const remedy = 'remove it: the mock backends are not behind this target'
    issues.push({ path: ['targets', index], remedy })
  }
  const steps = validateSteps({ ...scenario, faults })
  return [
    ...issues,
    ...steps.map(({ step, field, remedy }) => ({ path: ['faults', step, field], remedy })),
  ]
}
