import { join } from 'node:path'
import { type Interfaces, settings } from '@oclif/core'
import { runCommand } from '@oclif/test'
import pjson from '../../../package.json' with { type: 'json' }

settings.enableAutoTranspile = false
const root = join(import.meta.dirname, '../../..')
const hooks = {
  command_not_found: { target: './src/cli/unknown-command.ts', identifier: 'unknownCommand' },
}
const oclif = {
  ...pjson.oclif,
  commands: './commands',
  hooks,
  helpClass: { target: './src/cli/help.ts', identifier: 'LbHelp' },
} as unknown as Interfaces.PJSON['oclif']

/** Runs `lb …` in this process, from the TypeScript sources, and captures its output. */
export function lb(args: string) {
  return runCommand(args, { root, ignoreManifest: true, pjson: { ...pjson, oclif } })
}
