import { UsageError } from '../kit/errors.ts'
import type { Arm, SkippedArm } from './plan.ts'
import type { Registry, Scenario } from './scenario.ts'

/** What of it was asked for can be measured, and what not. */
interface Arms {
  readonly measured: Arm[]
  readonly skipped: SkippedArm[]
}

/**
 * Targets × algorithms × cores. An algorithm that a target lacks is skipped there, and the plan says so: another
 * algorithm in its place would be a comparison that nobody asked for. `all` algorithms are those that each target
 * has.
 *
 * @throws {UsageError} none of the targets has any algorithm that was named
 */
export function armsOf(
  asked: Pick<Scenario, 'targets' | 'algorithms' | 'cores'>,
  registry: Registry,
): Arms {
  const all = registry.allTargets ?? registry.targets.map(({ name }) => name)
  const targets = chosen(asked.targets, all).map((name) => ({
    name,
    has: registry.targets.find((target) => target.name === name)?.algorithms ?? [],
  }))
  checkAlgorithms(asked.algorithms, targets)
  return {
    measured: targets.flatMap((target) => measured(target, asked)),
    skipped: targets.flatMap((target) => skipped(target, asked)),
  }
}

/** Stable from plan to plan, since results are compared arm by arm. The reference balancer goes without saying. */
export function armName(target: string, algorithm: string, cores: number): string {
  return `${target === 'reference' ? '' : `${target} `}${algorithm} ×${cores}`
}

/** A target, and the algorithms that it has. */
interface Has {
  readonly name: string
  readonly has: readonly string[]
}

function measured(
  { name: target, has }: Has,
  asked: Pick<Scenario, 'algorithms' | 'cores'>,
): Arm[] {
  if (has.length === 0) return [{ name: target, target, algorithm: 'none', cores: 1 }]
  const cores = [...new Set(asked.cores)]
  return chosen(asked.algorithms, has)
    .filter((algorithm) => has.includes(algorithm))
    .flatMap((algorithm) =>
      cores.map((n) => ({ name: armName(target, algorithm, n), target, algorithm, cores: n })),
    )
}

function skipped({ name: target, has }: Has, asked: Pick<Scenario, 'algorithms'>): SkippedArm[] {
  if (has.length === 0) return []
  return chosen(asked.algorithms, has)
    .filter((algorithm) => !has.includes(algorithm))
    .map((algorithm) => ({ target, algorithm, reason: `${target} has no such algorithm` }))
}

/** Something must be left to measure. */
function checkAlgorithms(asked: readonly string[], targets: readonly Has[]): void {
  const balancing = targets.filter(({ has }) => has.length > 0)
  if (balancing.length === 0 || asked.includes('all')) return
  if (asked.some((name) => balancing.some(({ has }) => has.includes(name)))) return
  const lacking = `the algorithm${asked.length === 1 ? '' : 's'} ${asked.join(', ')}`
  const [only, ...others] = balancing as [Has, ...Has[]]
  if (others.length === 0) {
    throw new UsageError(
      `target ${only.name} does not have ${lacking}`,
      `it has ${only.has.join(', ')}`,
    )
  }
  throw new UsageError(
    `none of ${balancing.map(({ name }) => name).join(', ')} has ${lacking}`,
    '"lb targets" says which each of them has',
  )
}

function chosen(asked: readonly string[], all: readonly string[]): readonly string[] {
  return asked.includes('all') ? all : [...new Set(asked)]
}
