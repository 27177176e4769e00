import { algorithms } from '../../algorithms/index.ts'
import { expand, type Overrides } from '../../plan/expand.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Registry } from '../../plan/scenario.ts'
import { readScenario } from '../../plan/scenarios.ts'
import { direct } from '../../targets/direct.ts'
import { targets } from '../../targets/index.ts'

/** The names that scenarios and documented tables can use. */
export const registry: Registry = {
  algorithms,
  targets: targets.map(({ name, algorithms, takesWorkers }) => ({
    name,
    algorithms: Object.keys(algorithms),
    takesWorkers,
  })),
  control: direct.name,
}

/** A scenario by name or path, and the flags that override it. */
export interface PlanOptions {
  readonly scenario: string
  readonly overrides: Overrides
  readonly seed: number
}

/**
 * The plan of a scenario and its overrides.
 *
 * @throws {UsageError} the scenario is invalid, or no target has any of the algorithms
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

/** Names of the targets that can run here with these settings: the targets that `all` stands for. */
async function runnable(settings: Plan['settings'] = {}): Promise<string[]> {
  const found = await Promise.all(
    targets.map(async ({ name, needs, unavailable }) => {
      const configured = needs === undefined || settings[name]?.[needs] !== undefined
      return configured && (await unavailable()) === undefined ? [name] : []
    }),
  )
  return found.flat()
}
