import { readFileSync, readlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { processFamily } from '../../src/meter/process-family.ts'
import { command } from '../../src/targets/command.ts'
import { stillRunning } from '../support/processes/still-running.ts'
import { startTestTarget } from './start-test-target.ts'

const master = modulePath('../support/processes/children/master-and-worker', import.meta.url)
const line = `'${process.execPath}' '${master}' {port}`

test('a shell command is started on its port, and all its processes are stopped', async () => {
  const target = await startTestTarget(command, { urls: [] }, { settings: { command: line } })
  expect((await fetch(target.url)).status).toBe(200)
  const family = processFamily(target.pid as number)
  expect(family.length).toBeGreaterThanOrEqual(2)
  await target[Symbol.asyncDispose]()
  expect(await stillRunning(family, 0)).toEqual([])
})

test('a command that ends is an error with the end of its log', async () => {
  const settings = { command: 'echo "no such option --listen {port}" >&2; exit 3' }
  await expect(startTestTarget(command, { urls: [] }, { settings })).rejects.toMatchObject({
    code: 'LB_PROCESS',
    message: 'the target command ended with exit code 3',
    hint: expect.stringContaining('no such option --listen'),
  })
})

test.for([undefined, 'node proxy.js'])('"%s" does not say where to listen', async (wrong) => {
  await expect(
    startTestTarget(command, { urls: [] }, { settings: { command: wrong } }),
  ).rejects.toMatchObject({ code: 'LB_USAGE' })
})

test('the command is in no argument of a process: every user of the host can read those', async () => {
  const settings = { command: `TOKEN=SECRET-OF-COMMAND ${line}` }
  await using target = await startTestTarget(command, { urls: [] }, { settings })
  const pids = processFamily(target.pid as number)
  const arguments_ = pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).join()
  expect(arguments_).not.toContain('SECRET-OF-COMMAND')
})

test.for([
  [`${line}`, true],
  [`TOKEN=x ${line} 2>&1`, true],
  [`sleep 0; ${line}`, false],
] as const)(
  'one simple command replaces the shell, and gets its signals: %s',
  async ([typed, replaces]) => {
    await using target = await startTestTarget(
      command,
      { urls: [] },
      { settings: { command: typed } },
    )
    const name = readFileSync(`/proc/${target.pid}/comm`, 'utf8').trim()
    expect(name !== 'sh').toBe(replaces)
  },
)

test('it runs in the working directory, whose files it may name', async () => {
  await using target = await startTestTarget(command, { urls: [] }, { settings: { command: line } })
  expect(readlinkSync(`/proc/${target.pid}/cwd`)).toBe(process.cwd())
})
