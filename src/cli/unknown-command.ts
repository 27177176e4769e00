import type { Hook } from '@oclif/core/hooks'
import { UsageError } from '../kit/errors.ts'
import { meant } from '../kit/named.ts'
import { printError } from './print-error.ts'

/**
 * Reports a command that does not exist, with the nearest one that does, or the first surplus argument of one
 * that takes none.
 */
export const unknownCommand: Hook.CommandNotFound = async ({ config, id, argv = [] }) => {
  // Oclif joins the arguments to the id with colons, as if they were subcommands.
  const [typed = id, surplus] = id.split(':')
  const names = config.commandIDs.map((name) => ({ name: name.replaceAll(':', ' ') }))
  const error =
    surplus !== undefined && config.commandIDs.includes(typed)
      ? new UsageError(`unexpected argument ${surplus}`, `see "${config.bin} ${typed} --help"`)
      : new UsageError(`unknown command "${typed}"`, meant(typed, names))
  throw await printError(error, {
    ...{ command: config.bin, flags: [], words: argv },
    json: argv.includes('--json'),
  })
}
