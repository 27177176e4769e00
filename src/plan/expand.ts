import { UsageError } from '../kit/errors.ts'
import { armsOf } from './arms.ts'
import { faultsOf } from './faults/fault-steps.ts'
import { faultsMistake } from './faults/faults-mistake.ts'
import type { Arm, BackendPlan, Plan } from './plan.ts'
import type { Registry, Scenario } from './scenario.ts'
import { schedule } from './schedule.ts'

/** What flags say differently from the scenario. */
export interface Overrides {
  /** Names, or `all`. */
  readonly algorithms?: readonly string[] | undefined
  readonly targets?: readonly string[] | undefined
  readonly cores?: readonly number[] | undefined
  readonly connections?: number | undefined
  /** Seconds. */
  readonly duration?: number | undefined
  /** Seconds: that long, and at most twice as long while throughput is not steady. */
  readonly warmup?: number | undefined
  readonly trials?: number | undefined
  /** How many backends: the scenario's, in order, repeated or cut. */
  readonly backends?: number | undefined
  readonly phase?: Scenario['phase'] | undefined
  /** Arrivals per second of the latency phase. */
  readonly rate?: number | undefined
  readonly spacing?: Scenario['spacing'] | undefined
  readonly control?: boolean | undefined
  /** Half-width that ends a phase, as a fraction. */
  readonly precision?: number | undefined
  /** Seconds for the whole run. */
  readonly maxTime?: number | undefined
  /** What the user says of targets, by their names. */
  readonly settings?: Plan['settings'] | undefined
}

/** Blocks that a precision may take at most, and those that there are in any case. */
const sequential = { most: 40, least: 8 }

/** What to expand, and with which dice. */
export interface ExpandOptions {
  readonly scenario: Scenario
  readonly overrides: Overrides
  readonly registry: Registry
  readonly seed: number
}

/**
 * A scenario and the flags → the plan: the arms targets × algorithms × cores, and blocks that hold one
 * trial of each arm, in a seeded random order. Every arm meets the same backends, weights included;
 * algorithms that know no weights pass them over. A target without algorithms of its own, such as the
 * backends driven directly, is one arm.
 *
 * @throws UsageError where no target has an algorithm that was named, one trial is to be precise, or the flags
 * leave no room for the scenario's faults.
 */
export function expand({ scenario, overrides, registry, seed }: ExpandOptions): Plan {
  const asked = settled(scenario, overrides)
  const { connections, duration, request, timeout, warmup, backends, control } = asked
  const blocks =
    overrides.trials ?? (asked.precision === undefined ? asked.trials : sequential.most)
  const { measured, skipped } = armsOf(asked, registry)
  const arms = withControl(measured, asked.control ? registry.control : undefined)
  checkFaults(asked, arms, registry.control)
  return {
    scenario: scenario.name,
    seed,
    arms,
    ...(skipped.length > 0 && { skipped }),
    backends: [...backends],
    request,
    connections,
    warmup,
    duration,
    blocks,
    phases: [...new Set(phasesOf(asked, blocks).map(({ phase }) => phase))],
    ...(control && { control: registry.control }),
    arrivals: {
      ...(asked.rate !== undefined && { rate: asked.rate }),
      share: 0.6,
      spacing: asked.spacing,
    },
    ...(asked.faults && { faults: faultsOf(asked.faults) }),
    ...stopOf(asked, blocks),
    ...(overrides.settings && { settings: overrides.settings }),
    timeout,
    trials: schedule({ arms, seed, phases: phasesOf(asked, blocks) }),
  }
}

/** Flags that make a plan longer or shorter than its scenario meant it to be. */
const lengthening = [
  'algorithms',
  'targets',
  'cores',
  'duration',
  'warmup',
  'trials',
  'precision',
] as const

/** The scenario as the flags change it. The time that a scenario allows itself is for what it asks by itself. */
function settled(scenario: Scenario, overrides: Overrides): Scenario {
  const { warmup, backends, settings: _, ...rest } = overrides
  const told = Object.entries(rest).filter(([, value]) => value !== undefined)
  const asWritten = lengthening.every((flag) => overrides[flag] === undefined)
  return {
    ...scenario,
    maxTime: asWritten ? scenario.maxTime : undefined,
    ...Object.fromEntries(told),
    backends: backendsOf(scenario, backends),
    warmup: warmup === undefined ? scenario.warmup : { least: warmup, most: 2 * warmup },
  }
}

/** The file was checked as it stands; flags may leave its faults no room. */
function checkFaults(asked: Scenario, arms: readonly Arm[], control: string): void {
  const targets = [...new Set(arms.map(({ target }) => target))]
  const found = faultsMistake({ ...asked, targets }, control)
  if (found === undefined) return
  const [field = '', place] = found.path
  const where = {
    faults: `step ${Number(place) + 1} of its faults`,
    targets: `target ${targets[Number(place)]}`,
  }[String(field)]
  throw new UsageError(`scenario ${asked.name}: ${where ?? field} cannot be as asked`, found.remedy)
}

function stopOf({ precision, maxTime }: Scenario, blocks: number): Pick<Plan, 'stop'> {
  if (precision === undefined && maxTime === undefined) return {}
  if (precision !== undefined && blocks < 2) {
    throw new UsageError(
      'one trial of each arm has no precision',
      'give --trials 2 or more, or leave it out: a precision takes as many as it needs',
    )
  }
  return {
    stop: {
      ...(precision !== undefined && { precision }),
      ...(maxTime !== undefined && { maxSeconds: maxTime }),
      least: Math.min(blocks, precision === undefined ? 1 : sequential.least),
    },
  }
}

/** Latency alone, at a rate that nobody named, needs one block of capacity to find it. */
function phasesOf({ phase, rate }: Scenario, blocks: number) {
  const capacity = { phase: 'capacity' as const, blocks }
  const latency = { phase: 'latency' as const, blocks }
  if (phase === 'capacity') return [capacity]
  if (phase === 'both') return [capacity, latency]
  return rate === undefined ? [{ ...capacity, blocks: 1 }, latency] : [latency]
}

/** The arms and, unless it is one of them, the one without a balancer. */
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
