import type { K6Scenario } from '../../plan/load/k6-journey.ts'
import { areaUntil, levelAt } from '../options/scenario-level.ts'

/** Divides the visits of a load among the scenarios of a script. */
export interface ScenarioSchedule {
  /** The scenario of a visit that begins `seconds` after the load. */
  begin(seconds: number): K6Scenario
  /** A visit of it has ended. */
  end(scenario: K6Scenario): void
}

/**
 * Gives each visit to the scenario that is furthest behind its share: of the users that are active (closed model), or of
 * the visits that have begun (open model). So each scenario has its number of users, and its rate, without chance.
 */
export function scenarioSchedule(scenarios: readonly K6Scenario[]): ScenarioSchedule {
  const begun = new Map(scenarios.map((one) => [one, 0]))
  const active = new Map(scenarios.map((one) => [one, 0]))
  let last = scenarios[0] as K6Scenario
  const choose = (seconds: number): K6Scenario => {
    if (scenarios.length === 1) return last
    const running = scenarios.filter((one) => levelAt(one, seconds) > 0)
    const isOpen = running[0]?.model === 'open'
    const due = (one: K6Scenario) => (isOpen ? areaUntil(one, seconds) : levelAt(one, seconds))
    const counted = isOpen ? begun : active
    const allDue = running.reduce((sum, one) => sum + due(one), 0)
    const all = running.reduce((sum, one) => sum + (counted.get(one) ?? 0), 0) + 1
    const behind = (one: K6Scenario) => (due(one) / allDue) * all - (counted.get(one) ?? 0)
    return running.reduce(
      (best, one) => (behind(one) > behind(best) ? one : best),
      running[0] ?? last,
    )
  }
  const add = (counts: Map<K6Scenario, number>, one: K6Scenario, by: number) =>
    counts.set(one, (counts.get(one) ?? 0) + by)
  return {
    begin(seconds) {
      last = choose(seconds)
      add(begun, last, 1)
      add(active, last, 1)
      return last
    },
    end(scenario) {
      add(active, scenario, -1)
    },
  }
}
