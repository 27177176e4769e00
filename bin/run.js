#!/usr/bin/env node
// Starts the built command line. Only syntax that an old Node can read, so that it can refuse itself.
import module from 'node:module'

const required = 26
const [major] = process.versions.node.split('.')
if (Number(major) < required) {
  process.stderr.write(
    `lb needs Node ${required} or newer, and this is ${process.versions.node}: run it with "npx lb" inside the repository, or install Node ${required}.\n`,
  )
  process.exit(2)
}
// FORCE_COLOR has precedence; Node itself would warn of every program that has both.
if (process.env.FORCE_COLOR !== undefined) delete process.env.NO_COLOR
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
