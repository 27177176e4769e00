import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Interfaces, settings } from '@oclif/core'
import { runCommand } from '@oclif/test'
import pjson from '../../../package.json' with { type: 'json' }

settings.enableAutoTranspile = false
const root = join(import.meta.dirname, '../../..')
const hooks = {
  command_not_found: { target: './src/cli/unknown-command.ts', identifier: 'unknownCommand' },
}

/** Commands that list all commands: for any other one only its own module is looked at, as by the manifest of the build. */
const listing = ['help', 'completion']

function commandsFor(args: string) {
  const [name = ''] = args.split(' ', 1)
  const isOne = /^\w+$/.test(name) && existsSync(join(root, 'commands', `${name}.ts`))
  return isOne && !listing.includes(name)
    ? { strategy: 'pattern', target: './commands', globPatterns: [`${name}.ts`] }
    : './commands'
}

/** Runs `lb …` in this process, from the TypeScript sources, and captures its output. */
export function lb(args: string) {
  const oclif = {
    ...pjson.oclif,
    commands: commandsFor(args),
    hooks,
    helpClass: { target: './src/cli/help.ts', identifier: 'LbHelp' },
  } as unknown as Interfaces.PJSON['oclif']
  return runCommand(args, { root, ignoreManifest: true, pjson: { ...pjson, oclif } })
}
