import { UsageError } from '../../kit/errors.ts'
import type { Plan, RequestPlan } from '../plan.ts'
import type { Scenario } from '../scenario.ts'
import { comparedThresholds } from '../thresholds/compared-thresholds.ts'
import { comparedVisits, pauseSeconds, peakStages, visitSteps } from './compared-visits.ts'
import type { VisitPlan } from './visit-plan.ts'

/** Flags that visits depend on. */
interface VisitFlags {
  readonly request?: Partial<RequestPlan> | undefined
  readonly warmup?: number | undefined
}

/**
 * The visits and the thresholds of a scenario whose arms are compared, and its warm-up: without a flag, it is no shorter than
 * the pauses of a visit, since before that its later steps are not sent at their rate.
 *
 * @throws {UsageError} its journeys or thresholds are for `lb load` only, or do not fit the flags
 */
export function expandVisits(
  scenario: Scenario,
  flags: VisitFlags,
): Pick<Plan, 'visits' | 'thresholds' | 'warmup'> {
  const visits = comparedVisits(scenario)
  const { least, most } = scenario.warmup
  if (visits !== undefined) checkVisits(scenario, flags)
  const pauses = visits === undefined || flags.warmup !== undefined ? 0 : pauseSeconds(visits)
  return {
    ...(visits && { visits }),
    ...thresholdsOf(scenario, visits),
    warmup: { least: Math.max(least, pauses), most: Math.max(most, pauses) },
  }
}

/** The thresholds of a scenario, which each arm must meet at the rate of the latency phase. */
function thresholdsOf(
  { name, phase, thresholds = [], load, request }: Scenario,
  visits: VisitPlan | undefined,
): Pick<Plan, 'thresholds'> {
  if (thresholds.length === 0) return {}
  if (phase === 'capacity') {
    throw new UsageError(
      `scenario ${name} has thresholds, which hold at a rate, and its only phase is capacity`,
      'use --phase latency or both, or leave the thresholds out',
    )
  }
  return {
    thresholds: comparedThresholds(thresholds, {
      stages: peakStages(load?.stages),
      steps: visits === undefined ? [`${request.method} ${request.path}`] : visitSteps(visits),
    }),
  }
}

/** Visits have a driver of their own, and set their requests themselves. */
function checkVisits(
  { name, driver, witness }: Scenario,
  { request: { path, ...others } = {} }: VisitFlags,
): void {
  // An address without a path has the path /.
  if (Object.keys(others).length > 0 || (path !== undefined && path !== '/')) {
    throw new UsageError(
      `scenario ${name} has journeys, which flags of the request cannot change`,
      'leave out --method, --path, --header, --body and the path of --url',
    )
  }
  const field = witness !== undefined ? 'witness' : 'driver'
  const other = witness ?? (driver === 'auto' ? undefined : driver)
  if (other === undefined) return
  throw new UsageError(
    `scenario ${name} has journeys, which ${field} ${other} does not send`,
    `omit --${field}, or leave journeys out`,
  )
}
