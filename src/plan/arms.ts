import { UsageError } from '../kit/errors.ts'
import type { Arm, SkippedArm } from './plan.ts'
import type { Registry, Scenario } from './scenario.ts'

/** The requested arms that can be measured, and those that cannot. */
interface Arms {
  readonly measured: Arm[]
  readonly skipped: SkippedArm[]
}

/**
 * Targets × algorithms × cores. An algorithm that a target lacks is skipped and listed in the plan; it is never
 * replaced by another one. `all` stands for the algorithms that each target has.
 *
 * @throws {UsageError} none of the targets has any of the requested algorithms
 */
export function armsOf(requested: Requested, registry: Registry): Arms {
  const targets = targetsOf(requested, registry)
  checkAlgorithms(requested.algorithms, targets)
  return {
    measured: targets.flatMap((target) => measured(target, requested)),
    skipped: targets.flatMap((target) => skipped(target, requested)),
  }
}

/** How many comparisons of each metric these arms make: each with the first of as many cores. */
export function comparisonsAmong(requested: Requested, registry: Registry): number {
  const arms = targetsOf(requested, registry).flatMap((target) => measured(target, requested))
  return arms.length - new Set(arms.map(({ cores }) => cores)).size
}

type Requested = Pick<Scenario, 'targets' | 'algorithms' | 'cores'>

function targetsOf({ targets }: Requested, registry: Registry): TargetAlgorithms[] {
  const all = registry.allTargets ?? registry.targets.map(({ name }) => name)
  return withoutAll(targets, all).map((name) => {
    const { algorithms = [], takesWorkers = false } =
      registry.targets.find((target) => target.name === name) ?? {}
    return { name, algorithms, takesWorkers }
  })
}

/** The name of an arm, the same in every plan, since results are compared by arm. The reference balancer is omitted. */
export function armName(target: string, algorithm: string, cores: number): string {
  return `${target === 'reference' ? '' : `${target} `}${algorithm} ×${cores}`
}

/** A target and its algorithms. */
interface TargetAlgorithms {
  readonly name: string
  readonly algorithms: readonly string[]
  readonly takesWorkers: boolean
}

function measured(
  { name: target, algorithms, takesWorkers }: TargetAlgorithms,
  requested: Pick<Scenario, 'algorithms' | 'cores'>,
): Arm[] {
  const cores = [...new Set(requested.cores)]
  if (algorithms.length === 0) {
    const one = { target, algorithm: 'none' }
    const isOne = !takesWorkers || (cores.length === 1 && cores[0] === 1)
    if (isOne) return [{ ...one, name: target, cores: 1 }]
    return cores.map((n) => ({ ...one, name: `${target} ×${n}`, cores: n }))
  }
  return withoutAll(requested.algorithms, algorithms)
    .filter((algorithm) => algorithms.includes(algorithm))
    .flatMap((algorithm) =>
      cores.map((n) => ({ name: armName(target, algorithm, n), target, algorithm, cores: n })),
    )
}

function skipped(
  { name: target, algorithms }: TargetAlgorithms,
  requested: Pick<Scenario, 'algorithms'>,
): SkippedArm[] {
  if (algorithms.length === 0) return []
  return withoutAll(requested.algorithms, algorithms)
    .filter((algorithm) => !algorithms.includes(algorithm))
    .map((algorithm) => ({ target, algorithm, reason: { code: 'algorithm-missing', values: {} } }))
}

/** At least one arm must be left to measure. */
function checkAlgorithms(requested: readonly string[], targets: readonly TargetAlgorithms[]): void {
  const balancing = targets.filter(({ algorithms }) => algorithms.length > 0)
  if (balancing.length === 0 || requested.includes('all')) return
  if (requested.some((name) => balancing.some(({ algorithms }) => algorithms.includes(name)))) {
    return
  }
  const lacking = `the algorithm${requested.length === 1 ? '' : 's'} ${requested.join(', ')}`
  const [only, ...others] = balancing as [TargetAlgorithms, ...TargetAlgorithms[]]
  if (others.length === 0) {
    throw new UsageError(
      `target ${only.name} does not have ${lacking}`,
      `it has ${only.algorithms.join(', ')}`,
    )
  }
  throw new UsageError(
    `none of ${balancing.map(({ name }) => name).join(', ')} has ${lacking}`,
    'see "lb targets" for the algorithms of each',
  )
}

/** The names, each once, with `all` replaced. */
function withoutAll(names: readonly string[], all: readonly string[]): readonly string[] {
  return names.includes('all') ? all : [...new Set(names)]
}
