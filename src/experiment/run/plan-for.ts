import { algorithms } from '../../algorithms/index.ts'
import { expand, type Overrides } from '../../plan/expand.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Registry } from '../../plan/scenario.ts'
import { readScenario } from '../../plan/scenarios.ts'
import { direct } from '../../targets/direct.ts'
import { targets } from '../../targets/index.ts'

/** All that a scenario, or a documented table, can name. */
export const registry: Registry = {
  algorithms,
  targets: targets.map(({ name, algorithms }) => ({ name, algorithms: Object.keys(algorithms) })),
  control: direct.name,
}

/** A scenario by name or path, and what flags say differently. */
export interface PlanOptions {
  readonly scenario: string
  readonly overrides: Overrides
  readonly seed: number
}

/**
 * The plan for a scenario, among all algorithms and targets that are registered.
 *
 * @throws {UsageError} the scenario cannot be read, or a target lacks an algorithm that was named
 */
export async function planFor({ scenario, overrides, seed }: PlanOptions): Promise<Plan> {
  const allTargets = await runnable(overrides.settings)
  return expand({
    scenario: await readScenario(scenario, registry),
    overrides,
    registry: { ...registry, allTargets },
    seed,
  })
}

/** Names of the targets that can run here with what the user said: what `all` means. */
async function runnable(settings: Plan['settings'] = {}): Promise<string[]> {
  const found = await Promise.all(
    targets.map(async ({ name, needs, unavailable }) => {
      const told = needs === undefined || settings[name]?.[needs] !== undefined
      return told && (await unavailable()) === undefined ? [name] : []
    }),
  )
  return found.flat()
}
