import { algorithms } from '../algorithms/index.ts'
import { expand, type Overrides } from '../plan/expand.ts'
import type { Plan } from '../plan/plan.ts'
import { readScenario } from '../plan/scenarios.ts'
import { direct } from '../targets/direct.ts'
import { targets } from '../targets/index.ts'

/** A scenario by name or path, and what flags say differently. */
export interface PlanOrder {
  readonly scenario: string
  readonly overrides: Overrides
  readonly seed: number
}

/**
 * The plan for a scenario, among all algorithms and targets that are registered.
 *
 * @throws {UsageError} the scenario cannot be read, or a target lacks an algorithm that was named
 */
export async function planFor({ scenario, overrides, seed }: PlanOrder): Promise<Plan> {
  const known = {
    algorithms,
    targets: targets.map(({ name, algorithms }) => ({ name, algorithms: Object.keys(algorithms) })),
    control: direct.name,
  }
  return expand({ scenario: await readScenario(scenario, known), overrides, known, seed })
}
