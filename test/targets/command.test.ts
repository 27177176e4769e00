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
