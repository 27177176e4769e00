import { existsSync, mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isPending, startServing } from '../../support/processes/serving.ts'
import { stillRunning } from '../../support/processes/still-running.ts'
import { eventually } from '../support/balance.ts'
import { rawBackend } from '../support/raw-backend.ts'
import { exchange, rawClient } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const served = /^HTTP\/1\.1 200 .*ok$/s

test.for(['SIGKILL', 'SIGABRT', 'SIGSEGV'] as const)(
  'a balancer that %s ends is restarted on its ports; connections that come meanwhile are served',
  async (signal) => {
    await using backend = await recordingBackend()
    const url = `http://127.0.0.1:${backend.port}`
    await using serving = startServing('--backend', url, '--admin-port', '0')
    await serving.ready()
    const [port, admin, pid] = [serving.port(), serving.admin(), serving.serverPid()]
    expect(await exchange(port, get)).toMatch(served)
    process.kill(pid, signal)
    expect(await stillRunning([pid], 10)).toEqual([])
    const meanwhile = await Promise.all(Array.from({ length: 20 }, () => exchange(port, get)))
    expect(meanwhile.filter((response) => !served.test(response))).toEqual([])
    await serving.ready(2)
    expect(serving.stdout().match(/:\d+/g)?.slice(-3)).toEqual([
      `:${port}`,
      `:${admin}`,
      `:${admin}`,
    ])
    expect(serving.stderr()).toBe(
      `lb: the balancer (process ${pid}) was ended by ${signal}: its connections were cut, new ones wait; restart 1 now\n`,
    )
    const metrics = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text()
    expect(metrics).toMatch(/^lb_process_restarts_total 1$/m)
    expect(metrics).toMatch(/^lb_worker_requests_total\{worker="0"\} 20$/m)
    serving.child.kill('SIGTERM')
    expect(await serving.ended()).toEqual([0, null])
  },
)

test('a restarted balancer goes on at its unix socket, whose file goes with the last one', async () => {
  await using backend = await recordingBackend()
  const path = join(mkdtempSync(join(tmpdir(), 'lb-')), 'lb.sock')
  const args = ['--listen', `unix:${path}`, '--backend', `http://127.0.0.1:${backend.port}`]
  await using serving = startServing(...args)
  await serving.ready()
  expect(serving.stdout()).toMatch(`lb is ready on unix:${path} (`)
  const pid = serving.serverPid()
  process.kill(pid, 'SIGKILL')
  expect(await stillRunning([pid], 10)).toEqual([])
  expect(await exchange({ path }, get)).toMatch(served)
  await serving.ready(2)
  serving.child.kill('SIGTERM')
  expect(await serving.ended()).toEqual([0, null])
  expect(existsSync(path)).toBe(false)
})

test('the balancer ends with its parent, and lets go of its port', async () => {
  await using backend = await rawBackend(() => undefined)
  await using serving = startServing('--backend', `http://127.0.0.1:${backend.port}`)
  await serving.ready()
  const [port, pid] = [serving.port(), serving.serverPid()]
  await using client = await rawClient(port)
  client.send(get)
  await backend.until(/\r\n\r\n/)
  serving.child.kill('SIGKILL')
  await client.closed()
  expect(await stillRunning([pid], 10)).toEqual([])
  expect(await refused(port)).toBe(true)
})

test('a stop by SIGTERM drains, also what waits to be accepted; new connections are refused, and a second SIGTERM or SIGINT cuts nothing', async () => {
  await using backend = await rawBackend(() => undefined)
  const args = ['--backend', `http://127.0.0.1:${backend.port}`, '--drain-timeout', '60s']
  await using serving = startServing(...args)
  await serving.ready()
  await using client = await rawClient(serving.port())
  client.send(get)
  await backend.until(/\r\n\r\n/)
  process.kill(serving.serverPid(), 'SIGSTOP')
  const waiting = await Promise.all(Array.from({ length: 5 }, () => rawClient(serving.port())))
  for (const one of waiting) one.send(get)
  serving.child.kill('SIGTERM')
  await eventually(() => isPending(serving.serverPid(), constants.signals.SIGTERM))
  process.kill(serving.serverPid(), 'SIGCONT')
  await eventually(() => refused(serving.port()))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) serving.child.kill(signal)
  expect(await refused(serving.port())).toBe(true)
  await eventually(() => backend.received.filter((text) => text.endsWith('\r\n\r\n')).length === 6)
  for (const socket of backend.sockets)
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  for (const one of [client, ...waiting]) expect(await one.closed()).toMatch(served)
  expect(await serving.ended()).toEqual([0, null])
  expect(serving.stderr()).toBe('')
})

test('SIGQUIT stops at once, also in a drain', async () => {
  await using backend = await rawBackend(() => undefined)
  const args = ['--backend', `http://127.0.0.1:${backend.port}`, '--drain-timeout', '600s']
  await using serving = startServing(...args)
  await serving.ready()
  await using client = await rawClient(serving.port())
  client.send(get)
  await backend.until(/\r\n\r\n/)
  serving.child.kill('SIGTERM')
  await eventually(() => refused(serving.port()))
  serving.child.kill('SIGQUIT')
  expect(await client.closed()).toBe('')
  expect(client.fault()).toMatchObject({ code: 'ECONNRESET' })
  expect(await serving.ended()).toEqual([0, null])
})

test('SIGTERM to the balancer itself stops both', async () => {
  await using serving = startServing('--backend', 'http://127.0.0.1:1')
  await serving.ready()
  process.kill(serving.serverPid(), 'SIGTERM')
  expect(await serving.ended()).toEqual([0, null])
  expect(serving.stderr()).toBe('')
})

test('a start that fails is reported once and not tried again', async () => {
  await using serving = startServing('--backend', 'nonsense')
  expect(await serving.ended()).toEqual([2, null])
  expect(serving.stderr().trim().split('\n')).toEqual([
    expect.stringContaining('"nonsense" is not a backend address'),
  ])
})

test('with --no-supervise the process that is started serves', async () => {
  await using serving = startServing('--backend', 'http://127.0.0.1:1', '--no-supervise')
  await serving.ready()
  expect(serving.serverPid()).toBe(serving.child.pid)
  serving.child.kill('SIGKILL')
  expect(await serving.ended()).toEqual([null, 'SIGKILL'])
  expect(await refused(serving.port())).toBe(true)
})

/** Whether a connection to the port is refused. */
function refused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', () => resolve(true))
  })
}
