import type { Config } from '@oclif/core/config'
import { loadHelpClass } from '@oclif/core/help'
import { UsageError } from '../kit/errors.ts'
import { meant } from '../kit/named.ts'

/**
 * Prints the help of lb, or of one command.
 *
 * @throws {UsageError} there is no such command
 */
export async function showHelp(config: Config, command: string | undefined): Promise<void> {
  if (command !== undefined && !config.commandIDs.includes(command)) {
    const names = config.commandIDs.map((name) => ({ name }))
    throw new UsageError(`unknown command "${command}"`, meant(command, names))
  }
  const Help = await loadHelpClass(config)
  await new Help(config, config.pjson.oclif.helpOptions).showHelp(command ? [command] : [])
}
