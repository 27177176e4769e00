import type { Hook } from '@oclif/core/hooks'
import { UsageError } from '../kit/errors.ts'
import { meant } from '../kit/named.ts'
import { printError } from './print-error.ts'

/** Answers a command that does not exist with the nearest one that does. */
export const unknownCommand: Hook.CommandNotFound = async ({ config, id, argv = [] }) => {
  // Oclif joins the arguments to the id with colons, as if they were subcommands.
  const [typed = id] = id.split(':')
  const names = config.commandIDs.map((name) => ({ name: name.replaceAll(':', ' ') }))
  throw await printError(new UsageError(`unknown command "${typed}"`, meant(typed, names)), {
    command: config.bin,
    flags: [],
    json: argv.includes('--json'),
  })
}
