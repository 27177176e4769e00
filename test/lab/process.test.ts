import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { which } from '../../src/host/which.ts'
import { ProcessError, UsageError } from '../../src/kit/errors.ts'
import { modulePath } from '../../src/kit/module-path.ts'
import { acceptsConnections } from '../../src/lab/ports.ts'
import { startProcess } from '../../src/lab/process.ts'
import { openTempDir } from '../../src/lab/temp-dir.ts'
import { running, stillRunning } from '../support/processes/still-running.ts'

const obedient = modulePath('../support/processes/children/rpc-child', import.meta.url)
const deaf = modulePath('../support/processes/children/ignores-sigterm', import.meta.url)
const master = modulePath('../support/processes/children/master-and-worker', import.meta.url)
const owner = modulePath('../support/processes/children/lab-owner', import.meta.url)

/** The error that a promise rejects with. */
const failure = (promise: Promise<unknown>): Promise<ProcessError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  )

test('each response belongs to its call', async () => {
  await using child = await startProcess({ name: 'the child', file: obedient })
  const responses = await Promise.all([1, 2, 3].map((n) => child.call('echo', { n })))
  expect(responses).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
})

test('notifications reach a listener until it is removed', async () => {
  await using child = await startProcess({ name: 'the child', file: obedient })
  const received: unknown[] = []
  const off = child.on('announced', (payload) => received.push(payload))
  await child.call('announce', 'first')
  off()
  await child.call('announce', 'second')
  expect(received).toEqual(['first'])
})

test('a usage error of the child is a UsageError with its hint', async () => {
  await using child = await startProcess({ name: 'the child', file: obedient })
  const error = await failure(child.call('misuse'))
  expect(error).toBeInstanceOf(UsageError)
  expect(error).toMatchObject({ exitCode: 2, hint: 'Did you mean "first"?' })
})

test('the error of a child that exits right after it is received', async () => {
  await using child = await startProcess({ name: 'the child', file: obedient })
  await expect(child.call('refuseAndLeave')).rejects.toThrow('port 1 is taken')
})

test('a child that dies fails every open and every later call, with the end of its log', async () => {
  await using tempDir = await openTempDir()
  const log = join(tempDir.path, 'child.log')
  await using child = await startProcess({ name: 'the child', file: obedient, log })
  const hung = child
    .call('hang', null, { timeout: Number.POSITIVE_INFINITY })
    .catch((caught) => caught)
  const died = await failure(child.call('die'))
  expect(died).toBeInstanceOf(ProcessError)
  expect(died.message).toBe('the child ended with exit code 3')
  expect(died.hint).toContain('the disk is full')
  expect(await hung).toBeInstanceOf(ProcessError)
  await expect(child.call('echo')).rejects.toThrow('exit code 3')
})

test('a module that does not exist is a ProcessError, with the error of Node', async () => {
  await using tempDir = await openTempDir()
  const log = join(tempDir.path, 'child.log')
  await using child = await startProcess({ name: 'the child', file: '/nowhere/main.ts', log })
  const error = await failure(child.call('start'))
  expect(error).toBeInstanceOf(ProcessError)
  expect(error.hint).toContain('Cannot find module')
})

test('a call that takes too long fails, and one that is aborted fails with the reason', async () => {
  await using child = await startProcess({ name: 'the child', file: obedient })
  await expect(child.call('hang', null, { timeout: 0.05 })).rejects.toThrow(
    'the child did not respond to "hang" in 0.05 s',
  )
  const abort = new AbortController()
  const call = child.call('hang', null, { signal: abort.signal })
  abort.abort(new Error('Ctrl-C'))
  await expect(call).rejects.toThrow('Ctrl-C')
})

test('time in which the whole machine was stopped does not count towards the time-out of a call', async () => {
  await using child = await startProcess({ name: 'the child', file: obedient })
  const call = failure(child.call('hang', null, { timeout: 1.5 }))
  // As on a machine that is stopped, nothing of this process runs, not even timers that are due.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000)
  await expect(Promise.race([call, wait(100, 'no failure yet')])).resolves.toBe('no failure yet')
  expect((await call).message).toContain('the child did not respond to "hang" in 1.5 s')
})

test('stopping ends a child that responds, and may be called twice', async () => {
  const child = await startProcess({ name: 'the child', file: obedient })
  const { port } = await child.call<{ port: number }>('start')
  await Promise.all([child.stop(), child.stop()])
  expect(await child.exited).toEqual({ code: 0, signal: null })
  expect(await acceptsConnections(port)).toBe(false)
})

test('stopping ends a child that ignores everything but SIGKILL', async () => {
  await using tempDir = await openTempDir()
  const child = await startProcess({
    name: 'the child',
    file: deaf,
    log: join(tempDir.path, 'child.log'),
  })
  await child.stop()
  expect(running(child.pid)).toBe(false)
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

test.skipIf(which('taskset') === undefined)(
  'a pinned child runs on its CPUs, under its own pid',
  async () => {
    const allowed = /Cpus_allowed_list:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))
    const cpu = Number(allowed?.[1])
    await using child = await startProcess({ name: 'the child', file: obedient, cpus: [cpu] })
    await child.call('echo')
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    expect(status).toMatch(new RegExp(`Cpus_allowed_list:\\s*${cpu}\\n`))
  },
)

test.for(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'throw', 'exit'] as const)(
  'when the owner ends by %s, all processes that it started end within 2 s, and their ports are free',
  async (way) => {
    await using tempDir = await openTempDir()
    const parent = fork(owner, [obedient, master, tempDir.path], { silent: true })
    const [{ pids, ports }] = (await once(parent, 'message')) as [Started]
    const worker = Number(await (await fetch(`http://127.0.0.1:${ports[1]}/`)).text())
    expect([...pids, worker].every(running)).toBe(true)
    if (way === 'throw' || way === 'exit') parent.send(way)
    else parent.kill(way)
    await once(parent, 'exit')
    expect(await stillRunning([...pids, worker], 2)).toEqual([])
    expect(await Promise.all(ports.map(acceptsConnections))).toEqual([false, false])
  },
)

interface Started {
  readonly pids: readonly number[]
  readonly ports: readonly number[]
}
