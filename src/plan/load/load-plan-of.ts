import type { Scenario } from '../scenario.ts'
import { dataFiles } from './data-files.ts'
import { journeyPlans } from './journeys.ts'
import type { JourneyPlan, LoadPlan, RequestStep } from './load-plan.ts'
import type { Pause } from './pause.ts'

/** The load test of a scenario in this folder; it has no stages where the file has none. */
export function loadPlanOf(scenario: Scenario, folder: string): LoadPlan {
  const { load, journeys, data = {}, thresholds = [] } = scenario
  return {
    stages: load?.stages ?? [],
    spacing: load?.spacing ?? 'poisson',
    journeys: journeys === undefined ? [requestJourney(scenario)] : journeyPlans(journeys, folder),
    data: dataFiles(data, folder),
    thresholds,
  }
}

/** The journey that sends one request: that of the scenario, or of flags. */
export function requestJourney({ request }: Pick<Scenario, 'request'>): JourneyPlan {
  const { method, path, headers = {}, body, bodyBytes } = request
  const text = body ?? 'x'.repeat(bodyBytes)
  return {
    name: 'request',
    weight: 1,
    steps: [
      {
        ...{ kind: 'request', name: `${method} ${path}`, url: path, headers },
        method,
        ...(text !== '' && { body: { kind: 'text', text } }),
        ...{ checks: [], captures: {} },
      },
    ],
  }
}

/** The requests of journeys, with the checks of flags beside their own. */
export function withChecks(
  journeys: readonly JourneyPlan[],
  checks: RequestStep['checks'],
): JourneyPlan[] {
  return journeys.map((journey) => ({
    ...journey,
    steps: journey.steps.map((step) =>
      step.kind === 'request' ? { ...step, checks: [...step.checks, ...checks] } : step,
    ),
  }))
}

/** Times of stages and pauses, multiplied by a factor; rates stay. */
export function timesScaled(plan: LoadPlan, factor: number): LoadPlan {
  if (factor === 1) return plan
  return {
    ...plan,
    stages: plan.stages.map((stage) => ({ ...stage, seconds: stage.seconds * factor })),
    journeys: plan.journeys.map((journey) => ({
      ...journey,
      steps: journey.steps.map((step) =>
        step.kind === 'request' ? step : { ...step, pause: scaled(step.pause, factor) },
      ),
    })),
  }
}

function scaled(pause: Pause, factor: number): Pause {
  switch (pause.kind) {
    case 'fixed':
      return { ...pause, seconds: pause.seconds * factor }
    case 'exponential':
      return { ...pause, mean: pause.mean * factor }
    case 'uniform':
      return { ...pause, from: pause.from * factor, to: pause.to * factor }
  }
}

/** The names of all steps, each once. */
export function stepNames({ journeys }: Pick<LoadPlan, 'journeys'>): string[] {
  const names = journeys.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'request' ? [step.name] : [])),
  )
  return [...new Set(names)]
}
