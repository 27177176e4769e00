import { placementOf } from '../../lab/arm-placement.ts'
import type { Objective } from '../../plan/objective.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import { aroundTrial } from '../../plan/plan-time.ts'
import type { Capacity } from '../../result/capacity.ts'
import type { Measurement } from '../../result/document.ts'
import { requestsFor } from '../../stats/estimates/percentiles.ts'
import {
  beginSearch,
  type CapacitySearch,
  capacityRules,
  expectedTrials,
  recordTrial,
  type SearchRules,
} from '../../stats/trial/capacity-search.ts'
import { canCalibrate, maxSendRate } from '../run/calibration.ts'
import { engineFacts } from '../run/engine-facts.ts'
import { lateError } from '../run/late-error.ts'
import type { Session } from '../run/session.ts'
import { allowedShare, evidenceOf, outcomeOf } from './objective-met.ts'
import { pointOf } from './rate-point.ts'

/** The arm to search, its objectives, and the bounds of the search. */
export interface CapacityOptions {
  /** Its first arm other than the control is searched. */
  readonly plan: Plan
  readonly session: Session
  readonly objectives: readonly Objective[]
  /** Rate to begin with, in requests per second. */
  readonly start: number
  /** Seconds after which the search ends with the interval found so far. */
  readonly maxSeconds: number
  /** A trial starts. */
  onTrial(progress: SearchProgress): void
  /** A trial is over. */
  onMeasured?(measurement: Measurement): void
  /** Receives an error that ended the search after its first trial; what was measured is returned. */
  onFailure?(error: Error): void
}

/** A search that is under way. Rates in requests per second. */
export interface SearchProgress {
  /** Trials that are over. */
  readonly done: number
  /** The rate of the next trial, and why that. */
  readonly rate: number
  readonly why: string
  /** The highest rate that met the objectives so far, and the lowest that missed them. */
  readonly low: number | undefined
  readonly high: number | undefined
}

/** Rate at which the driver is calibrated, in requests per second: more than one process can send. */
const beyondAnyDriver = 200_000
/** Fraction of the calibrated maximum that the search may use: at the maximum itself the driver is late. */
const calibratedShare = 0.7

/** Length of the window of a trial that refines an estimate, in windows of the plan: fewer and longer trials scatter less. */
const refiningWindows = 5

/** Upper bounds of the trials and seconds of a search, for a driver without a limit of its own. */
export function searchBounds(
  plan: Pick<Plan, 'warmup' | 'duration'>,
  start: number,
): { readonly maxTrials: number; readonly maxSeconds: number } {
  const rules = rulesFor({ start, objectives: [] }, beyondAnyDriver)
  const maxTrials = expectedTrials(rules) + 1
  const refining = rules.refine * (refiningWindows - 1) * plan.duration
  return { maxTrials, maxSeconds: maxTrials * secondsOf(plan, plan.duration) + refining }
}

function secondsOf({ warmup }: Pick<Plan, 'warmup'>, duration: number): number {
  return warmup.most + duration + aroundTrial
}

/** The window of a trial: at least that of the plan, and long enough for the requests that each percentile needs. */
function windowFor(
  { plan, objectives }: Pick<CapacityOptions, 'plan' | 'objectives'>,
  { rate, why }: { readonly rate: number; readonly why: string },
): number {
  const needed = requestsNeeded(objectives)
  const windows = why === 'refine' ? refiningWindows : 1
  return Math.max(windows * plan.duration, ...needed.map((requests) => requests / rate))
}

/** Requests of a window that each percentile needs; a limit on every request needs none. */
function requestsNeeded(objectives: readonly Objective[]): number[] {
  return objectives
    .map(allowedShare)
    .flatMap((share) => (share > 0 ? [requestsFor(100 * (1 - share))] : []))
}

/** Fraction of the maximum time that one window may take. */
const maxWindowShare = 0.1

/** The lowest rate at which a window is long enough for each percentile: 1 request per second or more. */
function minRateFor({
  objectives,
  maxSeconds,
}: Pick<CapacityOptions, 'objectives' | 'maxSeconds'>) {
  const needed = requestsNeeded(objectives)
  return Math.max(
    1,
    ...needed.map((requests) => Math.ceil(requests / (maxWindowShare * maxSeconds))),
  )
}

/**
 * Finds the highest rate at which an arm meets its objectives: doubles the rate until it fails, bisects, confirms
 * both edges. A trial that the driver or the host disturbed is repeated, and counts as neither.
 *
 * @throws {ProcessError} before the first trial was measured: a process could not be started, or died
 */
export async function capacity(options: CapacityOptions): Promise<Capacity> {
  const { plan, session } = options
  const { tempDir, signal } = session
  const arm = plan.arms.find(({ name }) => name !== plan.control) as Arm
  const placement = placementOf(arm, session.placement, { plan, driver: 'open-loop' })
  const driverLimit = canCalibrate(session)
    ? await maxSendRate(beyondAnyDriver, { plan, session })
    : undefined
  const measure: Measure = ({ rate, block, duration }) =>
    session.runTrial({
      ...{ plan: { ...plan, duration }, arm, placement, tempDir, signal, rate },
      trial: { block, arm: arm.name, phase: 'latency', seed: (plan.seed + block) | 0 },
    })
  const found = await runSearch(options, driverLimit ?? Number.POSITIVE_INFINITY, measure)
  await session.beds.readClocks()
  const engine = engineFacts(session)
  return {
    arm: arm.name,
    ...(driverLimit !== undefined && { driverLimit }),
    ...found,
    ...(engine && { engine }),
  }
}

/** Runs one trial of the search, with a window of so many seconds. */
type Measure = (trial: {
  readonly rate: number
  readonly block: number
  readonly duration: number
}) => Promise<Measurement>

/** Why a search may end before it has found its interval. */
type EarlyEnd = 'time' | 'interrupted' | 'failed'

/** Runs the trials of the search until it ends, runs out of time, is interrupted or fails. */
async function runSearch(
  options: CapacityOptions,
  driverLimit: number,
  measure: Measure,
): Promise<Omit<Capacity, 'arm' | 'driverLimit'>> {
  const { plan, session, objectives, maxSeconds } = options
  const { signal } = session
  const end = performance.now() + maxSeconds * 1000
  const measured: Measurement[] = []
  let search = beginSearch(rulesFor(options, driverLimit))
  let endedEarly: EarlyEnd | undefined
  let failure: Error | undefined
  while (search.next.do === 'measure' && endedEarly === undefined) {
    const { rate, why } = search.next
    const { low, high } = search
    options.onTrial({ done: measured.length, rate, why, low, high })
    try {
      signal.throwIfAborted()
      const duration = windowFor(options, { rate, why })
      const measurement = await measure({ rate, block: measured.length, duration })
      measured.push(measurement)
      options.onMeasured?.(measurement)
      const outcome = outcomeOf(measurement, objectives)
      search = recordTrial(search, { outcome, ...evidenceOf(measurement, objectives) })
      if (performance.now() + secondsOf(plan, duration) * 1000 > end) endedEarly = 'time'
    } catch (error) {
      if (signal.aborted) endedEarly = 'interrupted'
      else if (measured.length === 0) throw error
      else {
        endedEarly = 'failed'
        failure = lateError(error)
        options.onFailure?.(failure)
      }
    }
  }
  return {
    objectives,
    ...resultOf(search, measured),
    reason: reasonOf(search, endedEarly),
    ...(failure && { failure: failure.message }),
    seed: plan.seed,
  }
}

function rulesFor(
  {
    start,
    objectives,
    maxSeconds = Number.POSITIVE_INFINITY,
  }: Pick<CapacityOptions, 'start' | 'objectives'> & Partial<Pick<CapacityOptions, 'maxSeconds'>>,
  driverLimit: number,
): SearchRules {
  const maxRate = Math.max(1, Math.floor(calibratedShare * driverLimit))
  const minRate = Math.min(maxRate, minRateFor({ objectives, maxSeconds }))
  return {
    ...capacityRules,
    start: Math.min(Math.max(start, minRate), maxRate),
    minRate,
    maxRate,
    // Of a limit on every request no fraction may lie beyond it, so there is no edge to estimate.
    ...(objectives.every((one) => allowedShare(one) > 0) && {
      allowed: objectives.map(allowedShare),
    }),
  }
}

function reasonOf({ next }: CapacitySearch, endedEarly: EarlyEnd | undefined): Capacity['reason'] {
  return next.do === 'end' ? next.reason : (endedEarly ?? 'trials')
}

function resultOf(
  { low, high, tried, estimate }: CapacitySearch,
  measured: readonly Measurement[],
) {
  return {
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
    ...(estimate && {
      estimate: {
        center: estimate.center,
        low: estimate.low,
        high: estimate.high,
        trials: estimate.n,
      },
    }),
    curve: tried.map(({ rate, met, missed, invalid }) => ({
      ...pointOf(measured.filter((measurement) => measurement.rate === rate)),
      rate,
      met,
      missed,
      invalid,
    })),
    trials: measured.length,
  }
}
