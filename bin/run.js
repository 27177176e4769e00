#!/usr/bin/env node
// Starts the built command line. Only syntax that an old Node can read, so that it can refuse itself.
import { existsSync } from 'node:fs'
import module from 'node:module'

// A balancer must survive these from its first line on; src/balancer/process/signals.ts handles them later.
if (process.argv[2] === 'serve') {
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, () => undefined)
}
const required = 26
const [major] = process.versions.node.split('.')
if (Number(major) < required) {
  // A clone has a Node of its own, which npm puts on the path; the package has none.
  const isClone = existsSync(new URL('../.runtime/package.json', import.meta.url))
  process.stderr.write(
    `lb needs Node ${required} or newer, and this is ${process.versions.node}: ${
      isClone
        ? 'run it as "npx lb" in this clone, which has that Node'
        : `"npm install node@${required}" adds it to a project, "nvm install ${required}" to your account`
    }\n`,
  )
  process.exit(2)
}
// FORCE_COLOR has precedence; Node itself would warn of every program that has both.
if (process.env.FORCE_COLOR !== undefined) delete process.env.NO_COLOR
const { keepAbsolutePath } = await import('../dist/src/cli/search-path.js')
keepAbsolutePath()
const { compileCacheFolder } = await import('../dist/src/cli/compile-cache.js')
const cache = compileCacheFolder()
if (cache !== undefined) module.enableCompileCache(cache)
const { tolerateBrokenPipe } = await import('../dist/src/cli/broken-pipe.js')
tolerateBrokenPipe(process.stdout)
tolerateBrokenPipe(process.stderr)
const args = process.argv.slice(2)
if (args[0] !== 'serve' || (await entersServe())) {
  const { execute } = await import('@oclif/core/execute')
  await execute({ dir: import.meta.url })
}

async function entersServe() {
  const { enterServe } = await import('../dist/src/balancer/process/enter-serve.js')
  return enterServe(import.meta.filename, args)
}
