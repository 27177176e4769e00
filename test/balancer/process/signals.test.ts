import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { catches, childrenOf, startServing } from '../../support/processes/serving.ts'
import { eventually } from '../support/balance.ts'
import { exchange } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const { SIGHUP } = constants.signals
const ignored = ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

/** Waits until the process has handlers, and so has the one that it starts, if any. */
async function catching(pid: number, depth: number): Promise<number[]> {
  await eventually(() => catches(pid, SIGHUP))
  if (depth === 0) return [pid]
  await eventually(() => childrenOf(pid).length > 0)
  return [pid, ...(await catching(childrenOf(pid)[0] as number, depth - 1))]
}

const run = new URL('../../../bin/run.js', import.meta.url).pathname

test('no signal that asks for a reload ends it before its own code is loaded', () => {
  // Called with the first module that the program itself loads.
  const hook = `import { registerHooks } from 'node:module'
    registerHooks({ resolve(specifier, context, next) {
      if (specifier.includes('/dist/'))
        for (const signal of ${JSON.stringify(ignored)}) process.kill(process.pid, signal)
      return next(specifier, context)
    } })`
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`]
  const args = ['serve', '--check-config', '--backend', 'http://127.0.0.1:1']
  const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, run, ...args])
  expect([status, `${stdout}`, `${stderr}`]).toEqual([0, 'flags: ok\n', ''])
})

const ways = [
  ['under its parent', [], 1],
  ['alone', ['--no-supervise'], 0],
] as const

test.for(ways)(
  'SIGHUP, SIGUSR1 and SIGUSR2 end nothing and open no debugger, %s, before and after it is ready',
  async ([, flags, depth]) => {
    await using backend = await recordingBackend()
    await using serving = startServing('--backend', `http://127.0.0.1:${backend.port}`, ...flags)
    const pids = await catching(serving.child.pid as number, depth)
    expect(serving.stdout()).toBe('')
    const signalAll = () => {
      for (const pid of pids) for (const signal of ignored) process.kill(pid, signal)
    }
    signalAll()
    await serving.ready()
    signalAll()
    expect(await exchange(serving.port(), get)).toMatch(/ok$/)
    expect([serving.child.pid as number, ...childrenOf(serving.child.pid as number)]).toEqual(pids)
    expect(serving.stderr()).not.toMatch(/debugger/i)
  },
)

test.for(
  ways.flatMap(([way, flags, depth]) =>
    (['SIGTERM', 'SIGINT', 'SIGQUIT'] as const).map(
      (signal) => [signal, way, flags, depth] as const,
    ),
  ),
)(
  '%s before the end of the start stops it with exit code 0, %s',
  async ([signal, , flags, depth]) => {
    await using serving = startServing('--backend', 'http://127.0.0.1:1', ...flags)
    await catching(serving.child.pid as number, depth)
    serving.child.kill(signal)
    expect(await serving.ended()).toEqual([0, null])
    expect(serving.stderr()).toBe('')
  },
)
