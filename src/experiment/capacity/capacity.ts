import { placementHost } from '../../lab/cores.ts'
import { openTempDir } from '../../lab/temp-dir.ts'
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
import { mostSent } from '../run/calibration.ts'
import { placementOf } from '../run/run.ts'
import { runTrial } from '../run/trial.ts'
import { outcomeOf } from './objective-met.ts'
import { pointOf } from './rate-point.ts'

/** A search to do: one arm, what it must hold, and against which backends. */
export interface CapacityOptions {
  /** Its first arm that is no control is searched. */
  readonly plan: Plan
  readonly objectives: readonly Objective[]
  /** Rate to begin with, in requests per second. */
  readonly start: number
  /** Seconds after which it ends with what it has. */
  readonly maxSeconds: number
  readonly signal: AbortSignal
  onTrial(progress: { readonly done: number; readonly rate: number; readonly why: string }): void
  /** What runs one trial: real processes, unless a test knows better. */
  readonly runTrial?: typeof runTrial
}

/** Rate at which the driver is calibrated: more than any driver of one process can send. */
const beyondAnyDriver = 200_000
/** Share of the calibrated maximum that the search may ask for: at the very limit the driver is late. */
const calibratedShare = 0.7

/** How many trials a search takes at most, and how many seconds, for a driver that could send anything. */
export function scheduleOfSearch(
  plan: Pick<Plan, 'warmup' | 'duration'>,
  start: number,
): { readonly mostTrials: number; readonly mostSeconds: number } {
  const mostTrials = expectedTrials(rulesFor(start, beyondAnyDriver)) + 1
  return { mostTrials, mostSeconds: mostTrials * secondsOf(plan) }
}

function secondsOf({ warmup, duration }: Pick<Plan, 'warmup' | 'duration'>): number {
  return warmup.most + duration + aroundTrial
}

/**
 * Finds the highest rate at which an arm holds its objectives: doubles until it fails, bisects, confirms
 * both edges. A trial that the driver or the host spoilt is repeated, and counts as neither.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function capacity(options: CapacityOptions): Promise<Capacity> {
  const { plan, signal } = options
  await using scratch = await openTempDir()
  const arm = plan.arms.find(({ name }) => name !== plan.control) as Arm
  const placing = await placementHost()
  const placement = placementOf(arm, placing)
  const lab = { plan, placing, scratch, signal, runTrial: options.runTrial ?? runTrial }
  const driverLimit = await mostSent(beyondAnyDriver, lab)
  const measure = (rate: number, block: number) =>
    lab.runTrial({
      ...{ plan, arm, placement, scratch, signal, rate },
      trial: { block, arm: arm.name, phase: 'latency', seed: (plan.seed + block) | 0 },
    })
  return { arm: arm.name, driverLimit, ...(await walk(options, driverLimit, measure)) }
}

/** Follows the search from trial to trial, until it ends or is ended. */
async function walk(
  options: CapacityOptions,
  driverLimit: number,
  measure: (rate: number, block: number) => Promise<Measurement>,
): Promise<Omit<Capacity, 'arm' | 'driverLimit'>> {
  const { plan, objectives, signal, maxSeconds } = options
  const end = performance.now() + maxSeconds * 1000
  const seen: Measurement[] = []
  let search = beginSearch(rulesFor(options.start, driverLimit))
  let cut: 'time' | 'interrupted' | undefined
  while (search.next.do === 'measure' && cut === undefined) {
    const { rate, why } = search.next
    options.onTrial({ done: seen.length, rate, why })
    try {
      signal.throwIfAborted()
      const measurement = await measure(rate, seen.length)
      seen.push(measurement)
      search = recordTrial(search, outcomeOf(measurement, objectives))
      if (performance.now() + secondsOf(plan) * 1000 > end) cut = 'time'
    } catch (error) {
      if (!signal.aborted) throw error
      cut = 'interrupted'
    }
  }
  return { objectives, ...foundBy(search, seen), reason: reasonOf(search, cut), seed: plan.seed }
}

function rulesFor(start: number, driverLimit: number): SearchRules {
  const maxRate = Math.max(1, Math.floor(calibratedShare * driverLimit))
  return { ...capacityRules, start: Math.min(start, maxRate), minRate: 1, maxRate }
}

function reasonOf(
  { next }: CapacitySearch,
  cut: 'time' | 'interrupted' | undefined,
): Capacity['reason'] {
  return next.do === 'end' ? next.reason : (cut ?? 'trials')
}

function foundBy({ low, high, tried }: CapacitySearch, seen: readonly Measurement[]) {
  return {
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
    curve: tried.map(({ rate, held, missed, spoilt }) => ({
      ...pointOf(seen.filter((measurement) => measurement.rate === rate)),
      rate,
      held,
      missed,
      spoilt,
    })),
    trials: seen.length,
  }
}
