#!/usr/bin/env node
// Runs the TypeScript sources as they are: Node strips the types, no build is needed.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { enterServe } from '../src/balancer/process/enter-serve.ts'
import { tolerateBrokenPipe } from '../src/cli/broken-pipe.ts'
import { keepAbsolutePath } from '../src/cli/search-path.ts'

keepAbsolutePath()
tolerateBrokenPipe(process.stdout)
tolerateBrokenPipe(process.stderr)
const args = process.argv.slice(2)
if (args[0] !== 'serve' || (await enterServe(import.meta.filename, args))) await command()

// Loaded here, since the parent of a balancer does without.
async function command() {
  const [{ execute }, { settings }, { default: pjson }] = await Promise.all([
    import('@oclif/core/execute'),
    import('@oclif/core/settings'),
    import('../package.json', { with: { type: 'json' } }),
  ])
  settings.enableAutoTranspile = false
  const root = dirname(import.meta.dirname)
  const [name = ''] = args
  // Those two list all commands. For any other one only its own module is loaded, as by the manifest of the build.
  const isOwn = name !== 'help' && name !== 'completion'
  const commands =
    isOwn && /^\w+$/.test(name) && existsSync(join(root, 'commands', `${name}.ts`))
      ? { strategy: 'pattern', target: './commands', globPatterns: [`${name}.ts`] }
      : './commands'
  const hooks = {
    command_not_found: { target: './src/cli/unknown-command.ts', identifier: 'unknownCommand' },
  }
  const helpClass = { target: './src/cli/help.ts', identifier: 'LbHelp' }
  await execute({
    development: true,
    loadOptions: {
      root,
      // It is the build's, and names the built commands.
      ignoreManifest: true,
      pjson: { ...pjson, oclif: { ...pjson.oclif, commands, hooks, helpClass } },
    },
  })
}
