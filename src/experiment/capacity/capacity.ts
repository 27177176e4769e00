import { placementOf } from '../../lab/arm-placement.ts'
import type { Objective } from '../../plan/objective.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import { aroundTrial } from '../../plan/plan-time.ts'
import type { Capacity } from '../../result/capacity.ts'
import type { Measurement } from '../../result/document.ts'
import {
  beginSearch,
  type CapacitySearch,
  capacityRules,
  expectedTrials,
  recordTrial,
  type SearchRules,
} from '../../stats/trial/capacity-search.ts'
import { maxSendRate } from '../run/calibration.ts'
import type { Session } from '../run/session.ts'
import { outcomeOf } from './objective-met.ts'
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
  onTrial(progress: { readonly done: number; readonly rate: number; readonly why: string }): void
}

/** Rate at which the driver is calibrated, in requests per second: more than one process can send. */
const beyondAnyDriver = 200_000
/** Fraction of the calibrated maximum that the search may use: at the maximum itself the driver is late. */
const calibratedShare = 0.7

/** Upper bounds of the trials and seconds of a search, for a driver without a limit of its own. */
export function searchBounds(
  plan: Pick<Plan, 'warmup' | 'duration'>,
  start: number,
): { readonly maxTrials: number; readonly maxSeconds: number } {
  const maxTrials = expectedTrials(rulesFor(start, beyondAnyDriver)) + 1
  return { maxTrials, maxSeconds: maxTrials * secondsOf(plan) }
}

function secondsOf({ warmup, duration }: Pick<Plan, 'warmup' | 'duration'>): number {
  return warmup.most + duration + aroundTrial
}

/**
 * Finds the highest rate at which an arm meets its objectives: doubles the rate until it fails, bisects, confirms
 * both edges. A trial that the driver or the host disturbed is repeated, and counts as neither.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function capacity(options: CapacityOptions): Promise<Capacity> {
  const { plan, session } = options
  const { tempDir, signal } = session
  const arm = plan.arms.find(({ name }) => name !== plan.control) as Arm
  const placement = placementOf(arm, session.placement)
  const driverLimit = await maxSendRate(beyondAnyDriver, { plan, session })
  const measure = (rate: number, block: number) =>
    session.runTrial({
      ...{ plan, arm, placement, tempDir, signal, rate },
      trial: { block, arm: arm.name, phase: 'latency', seed: (plan.seed + block) | 0 },
    })
  return { arm: arm.name, driverLimit, ...(await runSearch(options, driverLimit, measure)) }
}

/** Runs the trials of the search until it ends, runs out of time or is interrupted. */
async function runSearch(
  options: CapacityOptions,
  driverLimit: number,
  measure: (rate: number, block: number) => Promise<Measurement>,
): Promise<Omit<Capacity, 'arm' | 'driverLimit'>> {
  const { plan, session, objectives, maxSeconds } = options
  const { signal } = session
  const end = performance.now() + maxSeconds * 1000
  const measured: Measurement[] = []
  let search = beginSearch(rulesFor(options.start, driverLimit))
  let endedEarly: 'time' | 'interrupted' | undefined
  while (search.next.do === 'measure' && endedEarly === undefined) {
    const { rate, why } = search.next
    options.onTrial({ done: measured.length, rate, why })
    try {
      signal.throwIfAborted()
      const measurement = await measure(rate, measured.length)
      measured.push(measurement)
      search = recordTrial(search, outcomeOf(measurement, objectives))
      if (performance.now() + secondsOf(plan) * 1000 > end) endedEarly = 'time'
    } catch (error) {
      if (!signal.aborted) throw error
      endedEarly = 'interrupted'
    }
  }
  return {
    objectives,
    ...resultOf(search, measured),
    reason: reasonOf(search, endedEarly),
    seed: plan.seed,
  }
}

function rulesFor(start: number, driverLimit: number): SearchRules {
  const maxRate = Math.max(1, Math.floor(calibratedShare * driverLimit))
  return { ...capacityRules, start: Math.min(start, maxRate), minRate: 1, maxRate }
}

function reasonOf(
  { next }: CapacitySearch,
  endedEarly: 'time' | 'interrupted' | undefined,
): Capacity['reason'] {
  return next.do === 'end' ? next.reason : (endedEarly ?? 'trials')
}

function resultOf({ low, high, tried }: CapacitySearch, measured: readonly Measurement[]) {
  return {
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
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
