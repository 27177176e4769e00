import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { BalancerCounts, BalancerReady } from '../../src/balancer/config/config.ts'
import type { RpcMessage } from '../../src/kit/rpc.ts'
import { configFor, eventually } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

/** The balancer as a process, asked as src/kit/rpc.ts says. */
function balancerProcess() {
  const child = fork(new URL('../../src/balancer/main.ts', import.meta.url))
  let id = 0
  return {
    child,
    async ask(question: string, payload: unknown = null): Promise<RpcMessage> {
      child.send({ id: ++id, ask: question, with: payload })
      const [told] = await once(child, 'message')
      return told as RpcMessage
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

test('starts, counts and stops as its parent asks, and leaves with it', async () => {
  await using backend = await recordingBackend()
  await using balancer = balancerProcess()
  const ready = await balancer.ask('start', configFor([backend.port], { workers: 2 }))
  const { port } = (ready as { answer: BalancerReady }).answer
  expect(await exchange(port, get)).toMatch(/^HTTP\/1\.1 200 /)
  const counted = (await balancer.ask('counts')) as { answer: BalancerCounts }
  expect(counted.answer).toMatchObject({ requests: 1, answered: 1, perBackend: [1], inFlight: [0] })
  expect(await balancer.ask('stop')).toMatchObject({ answer: null })
  balancer.child.disconnect()
  expect(await once(balancer.child, 'exit')).toEqual([0, null])
})

test('on SIGTERM it finishes what is in flight, takes nothing new, and exits with 0', async () => {
  await using backend = await rawBackend(() => undefined)
  const file = join(mkdtempSync(join(tmpdir(), 'lb-main-')), 'config.json')
  const timeouts = { drain: 60 }
  writeFileSync(file, JSON.stringify(configFor([backend.port], { workers: 2, timeouts })))
  const child = fork(new URL('../../src/balancer/main.ts', import.meta.url), [file], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const [line] = (await once(child.stdout as Readable, 'data')) as [Buffer]
  const port = Number(/port (\d+)/.exec(line.toString())?.[1])
  const clients = await Promise.all(Array.from({ length: 20 }, () => rawClient(port)))
  // One a worker, since each new one goes to the worker with the fewest: they ask for nothing.
  const idle = [await rawClient(port), await rawClient(port)]
  for (const client of clients) client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await eventually(() => backend.sockets.length === 20)
  child.kill('SIGTERM')
  await eventually(async () => {
    const late = connect(port, '127.0.0.1')
    const [refused] = await Promise.race([
      once(late, 'connect').then(() => [false]),
      once(late, 'error').then(() => [true]),
    ]).catch(() => [true])
    late.destroy()
    return refused === true
  })
  // Idle connections are closed as soon as a worker drains.
  for (const client of idle) await client.closed()
  for (const socket of backend.sockets) {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  }
  for (const client of clients) {
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*Connection: close\r\n\r\nok$/s)
    await client[Symbol.asyncDispose]()
  }
  expect(child.exitCode === null ? await once(child, 'exit') : [child.exitCode, null]).toEqual([
    0,
    null,
  ])
})

test('says that a port in use is the configuration’s fault', async () => {
  await using backend = await recordingBackend()
  await using balancer = balancerProcess()
  const told = await balancer.ask('start', configFor([1], { port: backend.port }))
  expect(told).toMatchObject({
    failed: {
      message: `the balancer cannot listen on 127.0.0.1:${backend.port}: the port is in use`,
      usage: true,
    },
  })
})

test('says what is wrong with a configuration, and what to do, before anything opens', async () => {
  await using balancer = balancerProcess()
  const told = await balancer.ask('start', { ...configFor([1]), backends: [] })
  expect(told).toMatchObject({
    failed: { message: expect.stringContaining('backends'), hint: 'give at least 1', usage: true },
  })
})
