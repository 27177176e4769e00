import { UsageError } from '../kit/errors.ts'
import { seeded, shuffled } from '../kit/random.ts'
import type { Arm, BackendPlan, Plan, Trial } from './plan.ts'
import type { Known, Scenario } from './scenario.ts'

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
}

/** What to expand, and with which dice. */
export interface Order {
  readonly scenario: Scenario
  readonly overrides: Overrides
  readonly known: Known
  readonly seed: number
}

/**
 * A scenario and the flags → the plan: the arms targets × algorithms × cores, and blocks that hold one
 * trial of each arm, in a seeded random order. Every arm meets the same backends, weights included;
 * algorithms that know no weights pass them over. A target without algorithms of its own, such as the
 * backends driven directly, is one arm.
 *
 * @throws UsageError where a target does not have an algorithm that was named.
 */
export function expand({ scenario, overrides, known, seed }: Order): Plan {
  const { warmup } = overrides
  const blocks = overrides.trials ?? scenario.trials
  const arms = armsOf(scenario, overrides, known)
  return {
    scenario: scenario.name,
    seed,
    arms,
    backends: backendsOf(scenario, overrides.backends),
    request: scenario.request,
    connections: overrides.connections ?? scenario.connections,
    warmup: warmup === undefined ? scenario.warmup : { least: warmup, most: 2 * warmup },
    duration: overrides.duration ?? scenario.duration,
    blocks,
    timeout: scenario.timeout,
    trials: trialsOf(arms, blocks, seed),
  }
}

function armsOf(scenario: Scenario, overrides: Overrides, known: Known): Arm[] {
  const targetNames = known.targets.map(({ name }) => name)
  const targets = chosen(overrides.targets ?? scenario.targets, targetNames)
  const cores = [...new Set(overrides.cores ?? scenario.cores)]
  const algorithms = overrides.algorithms ?? scenario.algorithms
  return targets.flatMap((target) => {
    const has = known.targets.find(({ name }) => name === target)?.algorithms ?? []
    if (has.length === 0) return [{ name: target, target, algorithm: 'none', cores: 1 }]
    return algorithmsOf(target, has, algorithms).flatMap((algorithm) =>
      cores.map((n) => ({ name: armName(target, algorithm, n), target, algorithm, cores: n })),
    )
  })
}

/** Stable from plan to plan, since results are compared arm by arm. The reference balancer goes without saying. */
function armName(target: string, algorithm: string, cores: number): string {
  return `${target === 'reference' ? '' : `${target} `}${algorithm} ×${cores}`
}

function algorithmsOf(
  target: string,
  has: readonly string[],
  asked: readonly string[],
): readonly string[] {
  if (asked.includes('all')) return has
  const lacks = asked.find((name) => !has.includes(name))
  if (lacks === undefined) return [...new Set(asked)]
  throw new UsageError(
    `target ${target} does not have the algorithm ${lacks}`,
    `it has ${has.join(', ')}`,
  )
}

function chosen(asked: readonly string[], all: readonly string[]): readonly string[] {
  return asked.includes('all') ? all : [...new Set(asked)]
}

function backendsOf(scenario: Scenario, count: number | undefined): BackendPlan[] {
  const { backends } = scenario
  return Array.from(
    { length: count ?? backends.length },
    (_, i) => backends[i % backends.length] as BackendPlan,
  )
}

/** The trials of a block share a seed, so that a pair differs by its arms and not by its dice. */
function trialsOf(arms: readonly Arm[], blocks: number, seed: number): Trial[] {
  const random = seeded(seed)
  return Array.from({ length: blocks }, (_, block) => {
    const blockSeed = Math.floor(random() * 0x7fffffff)
    return shuffled(arms.length, random).map(
      (i): Trial => ({ block, arm: (arms[i] as Arm).name, phase: 'capacity', seed: blockSeed }),
    )
  }).flat()
}
