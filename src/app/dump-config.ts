import { configurationsText } from '../../reports/commands/configurations.ts'
import type { Invocation } from '../cli/invocation.ts'
import { checkSettings } from '../experiment/run/check-settings.ts'
import { hideValue } from '../kit/hide-value.ts'
import type { Plan } from '../plan/plan.ts'
import { type Configuration, configurations } from '../targets/configurations.ts'

/**
 * `--dump-config`: prints the configuration of every arm without its secrets, and starts nothing.
 *
 * @throws {UsageError} a target lacks a setting, or a setting is for a target that is not in the plan
 */
export function dumpConfig(plan: Plan, { print, render }: Invocation): Configuration[] {
  checkSettings(plan)
  const found = withoutSecrets(configurations(plan))
  print(configurationsText(found, render))
  return found
}

function withoutSecrets(found: Configuration[]): Configuration[] {
  return found.map(({ commandLine, text, ...one }) => ({
    ...one,
    ...(commandLine !== undefined && { commandLine: hideValue(commandLine).value }),
    ...(text !== undefined && { text: hideValue(text).value }),
  }))
}
