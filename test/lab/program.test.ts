import { join } from 'node:path'
import { expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { acceptsConnections, freePort } from '../../src/lab/ports.ts'
import { startProgram } from '../../src/lab/program.ts'
import { openTempDir } from '../../src/lab/temp-dir.ts'
import { running, stillRunning } from '../support/processes/still-running.ts'

const master = modulePath('../support/processes/children/master-and-worker', import.meta.url)

async function programOptions(folder: string, env: Record<string, string> = {}) {
  const port = await freePort()
  return {
    name: 'the program',
    file: process.execPath,
    args: [master, String(port)],
    env,
    folder,
    cpus: undefined,
    log: join(folder, 'program.log'),
    port,
    signal: new AbortController().signal,
  }
}

const workerOf = async (port: number) =>
  Number(await (await fetch(`http://127.0.0.1:${port}/`)).text())

test.for(['obedient', 'deaf'])('stopping an %s program ends its worker too', async (kind) => {
  await using tempDir = await openTempDir()
  const options = await programOptions(tempDir.path, { MASTER: kind })
  const program = await startProgram(options)
  const worker = await workerOf(options.port)
  await program.stop()
  expect([program.pid, worker].filter(running)).toEqual([])
  expect(await acceptsConnections(options.port)).toBe(false)
})

test('a program that ends at its start is an error with the end of its log', async () => {
  await using tempDir = await openTempDir()
  const starting = startProgram(await programOptions(tempDir.path, { MASTER: 'fails' }))
  await expect(starting).rejects.toMatchObject({
    code: 'LB_PROCESS',
    message: 'the program ended with exit code 1',
    hint: expect.stringContaining('unknown directive "wrokers"'),
  })
})

test('a program that does not exist is an error that names it', async () => {
  await using tempDir = await openTempDir()
  const starting = startProgram({ ...(await programOptions(tempDir.path)), file: '/nowhere/nginx' })
  await expect(starting).rejects.toThrow('/nowhere/nginx')
})

test('a program that ends later settles `exited`, and leaves no worker', async () => {
  await using tempDir = await openTempDir()
  const options = await programOptions(tempDir.path)
  await using program = await startProgram(options)
  const worker = await workerOf(options.port)
  process.kill(program.pid, 'SIGKILL')
  expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(await stillRunning([worker], 2)).toEqual([])
})
