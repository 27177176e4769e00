import { placementHost } from '../lab/cores.ts'
import { openScratch, type Scratch } from '../lab/scratch.ts'
import type { Objective } from '../plan/objective.ts'
import type { Arm, Plan } from '../plan/plan.ts'
import type { Capacity, RatePoint } from '../result/capacity.ts'
import type { Measurement } from '../result/document.ts'
import {
  beginSearch,
  type CapacitySearch,
  capacityRules,
  type Outcome,
  observe,
  type SearchRules,
  trialsOfSearch,
} from '../stats/capacity-search.ts'
import { decode, merge } from '../stats/histogram.ts'
import { mayPrint, percentileWithFailures } from '../stats/percentiles.ts'
import { placementOf } from './run.ts'
import { runTrial } from './trial.ts'

/** A search to do: one arm, what it must hold, and against which backends. */
export interface CapacityOrder {
  /** Holds the arm, and the control that the driver is calibrated with. */
  readonly plan: Plan
  readonly objectives: readonly Objective[]
  /** Rate to begin with, in requests per second. */
  readonly start: number
  /** Seconds after which it ends with what it has. */
  readonly maxSeconds: number
  readonly signal: AbortSignal
  onTrial(progress: { readonly done: number; readonly rate: number; readonly why: string }): void
}

/** Rate at which the driver is calibrated: more than any driver of one process can send. */
const beyondAnyDriver = 200_000
/** Share of the calibrated maximum that the search may ask for: at the very limit the driver is late. */
const calibratedShare = 0.7

/** Seconds that starting and stopping the processes of a trial take, about. */
const aroundTrial = 1

/** How many trials a search takes at most, and how many seconds, for a driver that could send anything. */
export function scheduleOfSearch(
  {
    warmup,
    duration,
  }: { readonly warmup: Pick<Plan['warmup'], 'most'>; readonly duration: number },
  start: number,
): { readonly mostTrials: number; readonly mostSeconds: number } {
  const mostTrials = trialsOfSearch(rulesFor(start, beyondAnyDriver)) + 1
  return { mostTrials, mostSeconds: mostTrials * (warmup.most + duration + aroundTrial) }
}

/**
 * Finds the highest rate at which an arm holds its objectives: doubles until it fails, bisects, confirms
 * both edges. A trial that the driver or the host spoilt is repeated, and counts as neither.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function capacity(order: CapacityOrder): Promise<Capacity> {
  const { plan, objectives, signal, start } = order
  await using scratch = await openScratch()
  const arm = plan.arms.find(({ name }) => name !== plan.control) as Arm
  const placing = await placementHost()
  const measure = (on: Arm, rate: number, block: number) =>
    trialAt({ plan, on, rate, block, placing, scratch, signal })
  const driverLimit = await calibrate(plan, measure)
  const rules = rulesFor(start, driverLimit)
  const begun = performance.now()
  const seen: Measurement[] = []
  let search = beginSearch(rules)
  let cut: 'time' | 'interrupted' | undefined
  while (search.next.do === 'measure') {
    const { rate, why } = search.next
    order.onTrial({ done: seen.length, rate, why })
    try {
      signal.throwIfAborted()
      const measurement = await measure(arm, rate, seen.length)
      seen.push(measurement)
      search = observe(search, outcomeOf(measurement, objectives))
    } catch (error) {
      if (!signal.aborted) throw error
      cut = 'interrupted'
      break
    }
    if ((performance.now() - begun) / 1000 > order.maxSeconds) {
      cut = 'time'
      break
    }
  }
  return asCapacity({ search, seen, arm, objectives, driverLimit, cut, seed: plan.seed })
}

function rulesFor(start: number, driverLimit: number): SearchRules {
  const most = Math.max(1, Math.floor(calibratedShare * driverLimit))
  return { ...capacityRules, start: Math.min(start, most), least: 1, most }
}

interface TrialAt {
  readonly plan: Plan
  readonly on: Arm
  readonly rate: number
  readonly block: number
  readonly placing: Awaited<ReturnType<typeof placementHost>>
  readonly scratch: Scratch
  readonly signal: AbortSignal
}

function trialAt({ plan, on, rate, block, placing, scratch, signal }: TrialAt) {
  return runTrial({
    plan,
    arm: on,
    trial: { block, arm: on.name, phase: 'latency', seed: (plan.seed + block) | 0 },
    placement: placementOf(on, placing),
    scratch,
    signal,
    rate,
  })
}

/** The most that the driver sends per second to the backends without a balancer. */
async function calibrate(
  plan: Plan,
  measure: (on: Arm, rate: number, block: number) => Promise<Measurement>,
): Promise<number> {
  const control = plan.arms.find(({ name }) => name === plan.control) as Arm
  const { window, windowSeconds } = await measure(control, beyondAnyDriver, 0)
  return (window.ok + window.non2xx) / windowSeconds
}

/** Whether a trial held all objectives; one that is invalid says nothing of the target. */
function outcomeOf(measurement: Measurement, objectives: readonly Objective[]): Outcome {
  if (!measurement.verdict.valid && measurement.window.ok > 0) return 'spoilt'
  return objectives.every((one) => holds(measurement, one)) ? 'held' : 'missed'
}

function holds({ window, latency }: Measurement, one: Objective): boolean {
  const failed = window.errors + window.timeouts + window.dropped
  if (one.kind === 'errors') {
    const all = failed + window.ok + window.non2xx
    return (failed + window.non2xx) / Math.max(1, all) < one.share
  }
  return percentileWithFailures(decode(latency), one.percent, failed) / 1e6 < one.seconds
}

function asCapacity(found: {
  readonly search: CapacitySearch
  readonly seen: readonly Measurement[]
  readonly arm: Arm
  readonly objectives: readonly Objective[]
  readonly driverLimit: number
  readonly cut: 'time' | 'interrupted' | undefined
  readonly seed: number
}): Capacity {
  const { search, seen, arm, objectives, driverLimit, cut, seed } = found
  const reason = cut ?? (search.next.do === 'end' ? search.next.reason : 'trials')
  return {
    arm: arm.name,
    objectives,
    ...(search.low !== undefined && { low: search.low }),
    ...(search.high !== undefined && { high: search.high }),
    reason,
    driverLimit,
    curve: search.tried.map(({ rate, held, missed, spoilt }) => ({
      ...pointOf(seen.filter((measurement) => measurement.rate === rate)),
      rate,
      held,
      missed,
      spoilt,
    })),
    trials: seen.length,
    seed,
  }
}

/** Percentiles over all trials of a rate, those that failed counted as slower than any. */
function pointOf(trials: readonly Measurement[]): Pick<RatePoint, 'p50' | 'p99' | 'failed'> {
  const answers = merge(trials.map(({ latency }) => latency))
  const sum = (of: (window: Measurement['window']) => number) =>
    trials.reduce((all, { window }) => all + of(window), 0)
  const failed = sum(({ errors, timeouts, dropped }) => errors + timeouts + dropped)
  const at = (percent: number) => {
    const value = percentileWithFailures(answers, percent, failed) / 1e6
    return mayPrint(percent, answers.count + failed) && Number.isFinite(value) ? value : undefined
  }
  const [p50, p99] = [at(50), at(99)]
  return {
    ...(p50 !== undefined && { p50 }),
    ...(p99 !== undefined && { p99 }),
    failed: failed / Math.max(1, answers.count + failed),
  }
}
