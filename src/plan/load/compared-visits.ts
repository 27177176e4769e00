import { UsageError } from '../../kit/errors.ts'
import type { Scenario } from '../scenario.ts'
import { dataFiles } from './data-files.ts'
import { journeyPlans } from './journeys.ts'
import type { JourneyPlan, RequestStep, Stage } from './load-plan.ts'
import type { Pause } from './pause.ts'
import type { VisitPlan } from './visit-plan.ts'

/**
 * The visits of a scenario whose arms are compared; undefined where each arrival is a single request. Paths of data files are
 * absolute: `readScenario` makes them so.
 *
 * @throws {UsageError} a journey is code, has no request, or sends one to another place than the target
 */
export function comparedVisits({ name, journeys, data = {} }: Scenario): VisitPlan | undefined {
  if (journeys === undefined) return undefined
  const plans = journeyPlans(journeys, '/')
  for (const journey of plans) checkJourney(name, journey)
  return {
    journeys: plans.map(({ name, weight, steps }) => ({ name, weight, steps })),
    data: dataFiles(data, '/'),
  }
}

function checkJourney(scenario: string, { name, steps, module }: JourneyPlan): void {
  const where = `scenario ${scenario}: journey "${name}"`
  if (module !== undefined) {
    throw new UsageError(
      `${where} is code (field run), which "lb load" runs and comparisons do not`,
      'give it steps, or run it with "lb load"',
    )
  }
  const requests = steps.filter((step): step is RequestStep => step.kind === 'request')
  if (requests.length === 0) {
    throw new UsageError(`${where} has no request`, 'add a step such as - get: /')
  }
  const elsewhere = requests.find(({ url }) => /^https?:/i.test(url))
  if (elsewhere === undefined) return
  throw new UsageError(
    `${where}: step "${elsewhere.name}" does not go to the target, whose arms are compared`,
    'give it a path in place of an address, or run it with "lb load"',
  )
}

/**
 * The rate of a comparison by the stages of a load test: the highest one of the open model, in visits per second; undefined
 * without such stages.
 */
export function peakRate(stages: readonly Stage[] = []): number | undefined {
  const rates = stages.flatMap(({ model, from, to }) => (model === 'open' ? [from, to] : []))
  const peak = Math.max(0, ...rates)
  return peak > 0 ? peak : undefined
}

/** Names of the stages that keep the highest rate of the open model: those that a comparison measures. */
export function peakStages(stages: readonly Stage[] = []): string[] {
  const peak = peakRate(stages)
  return stages.flatMap(({ name, model, from, to }) =>
    model === 'open' && from === peak && to === peak ? [name] : [],
  )
}

/** Mean seconds of the pauses of the longest journey: the warm-up must be as long before all steps are sent at their rate. */
export function pauseSeconds({ journeys }: Pick<VisitPlan, 'journeys'>): number {
  return Math.max(
    ...journeys.map(({ steps }) =>
      steps.reduce((sum, step) => sum + (step.kind === 'pause' ? meanOf(step.pause) : 0), 0),
    ),
  )
}

function meanOf(pause: Pause): number {
  switch (pause.kind) {
    case 'fixed':
      return pause.seconds
    case 'exponential':
      return pause.mean
    case 'uniform':
      return (pause.from + pause.to) / 2
  }
}

/** The same visits, each of which goes from request to request at once. */
export function withoutPauses<Visits extends Pick<VisitPlan, 'journeys'>>(visits: Visits): Visits {
  return {
    ...visits,
    journeys: visits.journeys.map((journey) => ({
      ...journey,
      steps: journey.steps.filter(({ kind }) => kind === 'request'),
    })),
  }
}

/** The same requests without what their responses must fit: for a server that sends others. */
export function withoutChecks(visits: VisitPlan): VisitPlan {
  return {
    ...visits,
    journeys: visits.journeys.map((journey) => ({
      ...journey,
      steps: journey.steps.map((step) =>
        step.kind === 'request' ? { ...step, checks: [], captures: {} } : step,
      ),
    })),
  }
}

/** Names of the steps of all journeys, each once. */
export function visitSteps({ journeys }: Pick<VisitPlan, 'journeys'>): string[] {
  const names = journeys.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'request' ? [step.name] : [])),
  )
  return [...new Set(names)]
}
