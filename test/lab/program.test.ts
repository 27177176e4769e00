import { join } from 'node:path'
import { expect, test } from 'vitest'
import { modulePath } from '../../src/kit/module-path.ts'
import { acceptsConnections, freePort } from '../../src/lab/ports.ts'
import { startProgram } from '../../src/lab/program.ts'
import { openTempDir } from '../../src/lab/temp-dir.ts'
import { running, stillRunning } from '../support/gone.ts'

const master = modulePath('../support/children/master', import.meta.url)

async function order(folder: string, env: Record<string, string> = {}) {
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
  await using scratch = await openTempDir()
  const asked = await order(scratch.path, { MASTER: kind })
  const program = await startProgram(asked)
  const worker = await workerOf(asked.port)
  await program.stop()
  expect([program.pid, worker].filter(running)).toEqual([])
  expect(await acceptsConnections(asked.port)).toBe(false)
})

test('a program that dies at its start says why', async () => {
  await using scratch = await openTempDir()
  const starting = startProgram(await order(scratch.path, { MASTER: 'fails' }))
  await expect(starting).rejects.toMatchObject({
    code: 'LB_PROCESS',
    message: 'the program ended with exit code 1',
    hint: expect.stringContaining('unknown directive "wrokers"'),
  })
})

test('a program that is not there says so', async () => {
  await using scratch = await openTempDir()
  const starting = startProgram({ ...(await order(scratch.path)), file: '/nowhere/nginx' })
  await expect(starting).rejects.toThrow('/nowhere/nginx')
})

test('a program that ends later settles `exited`, and leaves no worker', async () => {
  await using scratch = await openTempDir()
  const asked = await order(scratch.path)
  await using program = await startProgram(asked)
  const worker = await workerOf(asked.port)
  process.kill(program.pid, 'SIGKILL')
  expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(await stillRunning([worker], 2)).toEqual([])
})
