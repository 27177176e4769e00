#!/usr/bin/env node
// Runs the TypeScript sources as they are: Node strips the types, no build is needed.
import { dirname } from 'node:path'
import { execute, settings } from '@oclif/core'
import pjson from '../package.json' with { type: 'json' }
import { enterServe } from '../src/balancer/process/enter-serve.ts'
import { tolerateBrokenPipe } from '../src/cli/broken-pipe.ts'

tolerateBrokenPipe(process.stdout)
tolerateBrokenPipe(process.stderr)
settings.enableAutoTranspile = false
const commands = './commands'
const hooks = {
  command_not_found: { target: './src/cli/unknown-command.ts', identifier: 'unknownCommand' },
}
const helpClass = { target: './src/cli/help.ts', identifier: 'LbHelp' }
const args = process.argv.slice(2)
if (args[0] !== 'serve' || (await enterServe(import.meta.filename, args)))
  await execute({
    development: true,
    loadOptions: {
      root: dirname(import.meta.dirname),
      // It is the build's, and names the built commands.
      ignoreManifest: true,
      pjson: { ...pjson, oclif: { ...pjson.oclif, commands, hooks, helpClass } },
    },
  })
