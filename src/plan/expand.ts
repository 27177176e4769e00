import { bounds } from '../kit/bounds.ts'
import { UsageError } from '../kit/errors.ts'
import { plural } from '../kit/plural.ts'
import { grouped } from '../kit/units.ts'
import { minPairs } from '../stats/tests/comparison.ts'
import { pairsForFamily } from '../stats/tests/family-pairs.ts'
import { armsOf, comparisonsAmong } from './arms.ts'
import { faultsOf } from './faults/fault-steps.ts'
import { validateFaults } from './faults/validate-faults.ts'
import { peakRate } from './load/compared-visits.ts'
import { expandVisits } from './load/expand-visits.ts'
import type { Arm, BackendPlan, Plan, RequestPlan } from './plan.ts'
import type { Registry, Scenario } from './scenario.ts'
import { schedule } from './schedule.ts'

/** Flags that override fields of the scenario. */
export interface Overrides {
  /** Names, or `all`. */
  readonly algorithms?: readonly string[] | undefined
  readonly targets?: readonly string[] | undefined
  readonly cores?: readonly number[] | undefined
  readonly connections?: number | undefined
  /** Processes of the driver, and of the mock backends. */
  readonly drivers?: number | undefined
  readonly backendProcesses?: number | undefined
  /** Seconds. */
  readonly duration?: number | undefined
  /** Seconds: the minimum, and twice that the maximum while throughput is not steady. */
  readonly warmup?: number | undefined
  readonly trials?: number | undefined
  /** Number of backends: those of the scenario in order, repeated or truncated. */
  readonly backends?: number | undefined
  readonly phase?: Scenario['phase'] | undefined
  /** Requests per second of the latency phase. */
  readonly rate?: number | undefined
  readonly arrivals?: Scenario['arrivals'] | undefined
  /** Driver of the capacity phase. */
  readonly driver?: Scenario['driver'] | undefined
  /** Second driver of the capacity phase. */
  readonly witness?: Scenario['witness'] | undefined
  readonly control?: boolean | undefined
  /** Half-width of the intervals that ends a phase, as a fraction. */
  readonly precision?: number | undefined
  /** Maximum seconds of the whole run. */
  readonly maxTime?: number | undefined
  /** Fields of the request; headers replace those of the scenario. */
  readonly request?: Partial<RequestPlan> | undefined
  /** Seconds after which a request has failed. */
  readonly timeout?: number | undefined
  /** Settings of targets, by target name. */
  readonly settings?: Plan['settings'] | undefined
}

/** Maximum and minimum number of blocks of a plan with a precision. */
export const sequential = { maxBlocks: 40, minBlocks: 8 }

/** The scenario to expand, its overrides, and the seed. */
export interface ExpandOptions {
  readonly scenario: Scenario
  readonly overrides: Overrides
  readonly registry: Registry
  readonly seed: number
}

/**
 * Expands a scenario and the flags to a plan: the arms targets × algorithms × cores, and blocks of one trial per
 * arm in a seeded random order. All arms have the same backends with the same weights; algorithms without weights
 * ignore them. A target without algorithms, such as the backends driven directly, is one arm.
 *
 * @throws {UsageError} no target has any of the algorithms, a precision has a single trial, there are more drivers than
 * connections or more processes of backends than backends, the scenario's faults do not fit the flags, or its journeys or
 * thresholds are for `lb load` only
 */
export function expand({ scenario, overrides, registry, seed }: ExpandOptions): Plan {
  const resolved = resolve(scenario, overrides)
  const { connections, duration, request, timeout, backends, control } = resolved
  const visits = expandVisits(resolved, overrides)
  const blocks = blocksOf(scenario, { resolved, overrides, registry })
  const { measured, skipped } = armsOf(resolved, registry)
  const arms = withControl(measured, resolved.control ? registry.control : undefined)
  checkFaults(resolved, arms, registry.control)
  const phases = phasesOf(resolved, blocks)
  const trials = schedule({ arms, seed, phases, witness: resolved.witness })
  checkWitness(resolved)
  checkTrials(trials.length)
  return {
    scenario: scenario.name,
    seed,
    arms,
    ...(skipped.length > 0 && { skipped }),
    backends: [...backends],
    request,
    ...(resolved.driver && { driver: resolved.driver }),
    ...(resolved.witness && { witness: resolved.witness }),
    ...processesOf(resolved),
    connections,
    ...visits,
    duration,
    blocks,
    phases: [...new Set(phasesOf(resolved, blocks).map(({ phase }) => phase))],
    ...(control && { control: registry.control }),
    arrivals: {
      ...(resolved.rate !== undefined && { rate: resolved.rate }),
      share: 0.6,
      spacing: resolved.arrivals,
    },
    ...(resolved.faults && { faults: faultsOf(resolved.faults) }),
    ...stopOf(resolved, blocks),
    ...(overrides.settings && { settings: overrides.settings }),
    timeout,
    trials,
  }
}

/**
 * The number of blocks. Where flags add algorithms or targets to a scenario whose trials can decide, it grows with the number
 * of comparisons, so that these find the same differences.
 */
function blocksOf(
  scenario: Scenario,
  {
    resolved,
    overrides,
    registry,
  }: { resolved: Scenario; overrides: Overrides; registry: Registry },
): number {
  if (overrides.trials !== undefined) return overrides.trials
  if (resolved.precision !== undefined) return sequential.maxBlocks
  const { trials } = scenario
  if (trials < minPairs(confidence)) return trials
  const own = { size: comparisonsAmong(scenario, registry), pairs: trials }
  // More core counts add rows that this host may not be able to compare.
  const now = comparisonsAmong({ ...resolved, cores: scenario.cores }, registry)
  return pairsForFamily(now, own, confidence)
}

/** The level at which arms are compared. */
const confidence = 0.95

/** Flags that change the duration of a plan. */
const durationFlags = ['algorithms', 'cores', 'duration', 'warmup', 'trials', 'precision'] as const

/** The scenario with its overrides. Its maximum time holds only as long as no flag changes the duration. */
function resolve(scenario: Scenario, overrides: Overrides): Scenario {
  const { warmup, backends, request, settings: _, ...rest } = overrides
  const given = Object.entries(rest).filter(([, value]) => value !== undefined)
  // Another target in place of the scenario's takes no longer.
  const { targets = [] } = overrides
  const moreTargets = targets.includes('all') || targets.length > scenario.targets.length
  const sameDuration = !moreTargets && durationFlags.every((flag) => overrides[flag] === undefined)
  return {
    ...scenario,
    maxTime: sameDuration ? scenario.maxTime : undefined,
    ...Object.fromEntries(given),
    rate: rest.rate ?? scenario.rate ?? peakRate(scenario.load?.stages),
    backends: backendsOf(scenario, backends),
    request: { ...scenario.request, ...request },
    warmup: warmup === undefined ? scenario.warmup : { least: warmup, most: 2 * warmup },
  }
}

/** The numbers of processes, where the scenario or a flag has them. */
function processesOf({
  drivers,
  backendProcesses,
  connections,
  backends,
}: Scenario): Pick<Plan, 'drivers' | 'backendProcesses'> {
  if (drivers !== undefined && drivers > connections) {
    throw new UsageError(
      `${drivers} drivers cannot share ${plural(connections, 'connection')}: each needs one`,
      `use --drivers ${connections} or fewer, or more --connections`,
    )
  }
  if (backendProcesses !== undefined && backendProcesses > backends.length) {
    throw new UsageError(
      `${backendProcesses} processes cannot share ${plural(backends.length, 'backend')}: each needs one`,
      `use --backend-processes ${backends.length} or fewer, or more --backends`,
    )
  }
  return {
    ...(drivers !== undefined && { drivers }),
    ...(backendProcesses !== undefined && { backendProcesses }),
  }
}

function checkTrials(trials: number): void {
  if (trials <= bounds.allTrials) return
  throw new UsageError(
    `the run would have ${grouped(trials)} trials, and ${grouped(bounds.allTrials)} are the maximum`,
    'measure fewer arms, or fewer --trials',
  )
}

/** A witness takes part in the capacity phase only, and is another program than the driver. */
function checkWitness({ witness, driver, phase }: Scenario): void {
  if (witness === undefined) return
  if (phase === 'latency') {
    throw new UsageError(
      `--witness ${witness} would be ignored: it drives the capacity phase, which --phase latency does not measure`,
      'omit --witness, or use --phase both',
    )
  }
  if (witness === driver) {
    throw new UsageError(
      `--witness ${witness} is the driver already: a witness is another program`,
      'omit --driver, or name another witness',
    )
  }
}

/** The file was validated without the flags, which may not fit its faults. */
function checkFaults(resolved: Scenario, arms: readonly Arm[], control: string): void {
  const targets = [...new Set(arms.map(({ target }) => target))]
  const [issue] = validateFaults({ ...resolved, targets }, control)
  if (issue === undefined) return
  const [field = '', index] = issue.path
  const subject = {
    faults: `fault step ${Number(index) + 1}`,
    targets: `target ${targets[Number(index)]}`,
  }[String(field)]
  throw new UsageError(
    `scenario ${resolved.name}: ${subject ?? field} is invalid with these flags`,
    issue.remedy,
  )
}

function stopOf({ precision, maxTime }: Scenario, blocks: number): Pick<Plan, 'stop'> {
  if (precision === undefined && maxTime === undefined) return {}
  if (precision !== undefined && blocks < 2) {
    throw new UsageError(
      '--precision needs more than one trial of each arm',
      'use --trials 2 or more, or omit --trials: the precision decides how many are run',
    )
  }
  return {
    stop: {
      ...(precision !== undefined && { precision }),
      ...(maxTime !== undefined && { maxSeconds: maxTime }),
      least: Math.min(blocks, precision === undefined ? 1 : sequential.minBlocks),
    },
  }
}

/** Latency alone without a rate needs one block of the capacity phase, to find the rate. */
function phasesOf({ phase, rate }: Scenario, blocks: number) {
  const capacity = { phase: 'capacity' as const, blocks }
  const latency = { phase: 'latency' as const, blocks }
  if (phase === 'capacity') return [capacity]
  if (phase === 'both') return [capacity, latency]
  return rate === undefined ? [{ ...capacity, blocks: 1 }, latency] : [latency]
}

/** The arms and the control, unless it is one of them. */
function withControl(arms: Arm[], control: string | undefined): Arm[] {
  if (control === undefined || arms.some(({ target }) => target === control)) return arms
  return [...arms, { name: control, target: control, algorithm: 'none', cores: 1 }]
}

function backendsOf(scenario: Scenario, count: number | undefined): BackendPlan[] {
  const { backends } = scenario
  return Array.from(
    { length: count ?? backends.length },
    (_, i) => backends[i % backends.length] as BackendPlan,
  )
}
