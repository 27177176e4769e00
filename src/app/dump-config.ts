import { configurationsText } from '../../reports/commands/configurations.ts'
import type { Invocation } from '../cli/invocation.ts'
import { checkSettings } from '../experiment/run/check-settings.ts'
import type { Plan } from '../plan/plan.ts'
import { type Configuration, configurations } from '../targets/configurations.ts'

/**
 * `--dump-config`: prints the configuration of every arm, and starts nothing.
 *
 * @throws {UsageError} a target lacks a setting, or a setting is for a target that is not in the plan
 */
export function dumpConfig(plan: Plan, { print, render }: Invocation): Configuration[] {
  checkSettings(plan)
  const found = configurations(plan)
  print(configurationsText(found, render))
  return found
}
