import { algorithms } from '../algorithms/index.ts'
import { expand, type Overrides } from '../plan/expand.ts'
import type { Plan } from '../plan/plan.ts'
import type { Known } from '../plan/scenario.ts'
import { readScenario } from '../plan/scenarios.ts'
import { direct } from '../targets/direct.ts'
import { targets } from '../targets/index.ts'

/** All that a scenario, or a documented table, can name. */
export const known: Known = {
  algorithms,
  targets: targets.map(({ name, algorithms }) => ({ name, algorithms: Object.keys(algorithms) })),
  control: direct.name,
}

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
  return expand({ scenario: await readScenario(scenario, known), overrides, known, seed })
}
