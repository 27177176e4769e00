import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { balance, configFor, eventually } from './support/balance.ts'
import { holdWrites } from './support/hold-writes.ts'
import { rawBackend, respondWith } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'
import { stopReading } from './support/stop-reading.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n'

test('aborting a hundred downloads leaves nothing in flight', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')
    socket.write(Buffer.alloc(1_000_000))
  })
  await using balancer = await balance([backend.port], { algorithm: 'least-connections' })
  const clients = await Promise.all(Array.from({ length: 100 }, () => rawClient(balancer.port)))
  for (const client of clients) client.send(get)
  await Promise.all(clients.map((client) => client.until(/\r\n\r\n/)))
  expect(balancer.counts().inFlight).toEqual([100])
  for (const client of clients) client.socket.destroy()
  await eventually(() => balancer.counts().inFlight[0] === 0)
  await eventually(() => backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ requests: 100, answered: 0, aborted: 100 })
})

test('a client that closes while it waits is found out, and the work of its backend ended', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { timeouts: { pool: 0.2 } })
  const client = connect(balancer.port, '127.0.0.1')
  client.write(get)
  await backend.until(/\r\n\r\n/)
  // Everything was read, so that this sends FIN: the same as from a client that only half closed.
  client.destroy()
  await eventually(() => backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ requests: 1, aborted: 1, inFlight: [0] })
})

test('a client that closed its side gets all of a response that pauses for longer than a probe', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome')
  })
  await using balancer = await balance([backend.port], { timeouts: { idle: 3600 } })
  await using client = await rawClient(balancer.port)
  client.send(get)
  await client.until(/some$/)
  client.socket.end()
  // Probes are sent every half second; two of them found nothing moving.
  await client.quiet(1600)
  backend.sockets[0]?.write('thing')
  expect(await client.closed()).toMatch(/something$/)
  expect(client.fault()).toBeUndefined()
  expect(balancer.counts()).toMatchObject({ answered: 1, aborted: 0, inFlight: [0] })
})

test('a response without a length arrives in full at a client that closed its side, however late it is written', async () => {
  await using backend = await rawBackend((socket) => {
    socket.end('HTTP/1.1 200 OK\r\n\r\nall of it')
  })
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  await eventually(() => balancer.clients().length === 1)
  const release = holdWrites(balancer.clients()[0] as Socket)
  client.send('GET / HTTP/1.0\r\n\r\n')
  client.socket.end()
  await eventually(() => balancer.counts().answered === 1)
  release()
  expect(await client.closed()).toMatch(/all of it$/)
})

test('a client that closed in a response that stands still is found out by the next bytes', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nsome')
  })
  await using balancer = await balance([backend.port], { timeouts: { idle: 3600 } })
  const client = await rawClient(balancer.port)
  client.send(get)
  await client.until(/some$/)
  client.socket.destroy()
  const more = setInterval(() => backend.sockets[0]?.write('x'), 20)
  await eventually(() => backend.open() === 0)
  clearInterval(more)
  expect(balancer.counts()).toMatchObject({ aborted: 1, inFlight: [0] })
})

test('a client that goes in the middle of its body ends the request of its backend', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello')
  await backend.until(/hello/)
  client.socket.end()
  await eventually(() => backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ requests: 1, aborted: 1, inFlight: [0] })
})

test('a drain finishes what is in flight, says so, and takes nothing new', async () => {
  await using backend = await rawBackend(() => undefined)
  const balancer = await startBalancer(
    configFor([backend.port], { workers: 2, timeouts: { drain: 10 } }),
  )
  await using busy = await rawClient(balancer.port)
  await using idle = await rawClient(balancer.port)
  busy.send(get)
  await backend.until(/\r\n\r\n/)
  const stopped = balancer.stop()
  expect(await idle.closed()).toBe('')
  backend.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  expect(await busy.closed()).toMatch(/\r\nConnection: close\r\n\r\nok$/)
  await stopped
  expect(await connects(balancer.port)).toBe(false)
  expect(balancer.counts()).toMatchObject({ requests: 1, answered: 1, aborted: 0 })
})

test('a request that comes just after the drain began still gets its response', async () => {
  await using backend = await recordingBackend()
  // The short time-out has the workers look every 10 ms for what is overdue.
  const timeouts = { drain: 10, linger: 0.04 }
  const balancer = await startBalancer(configFor([backend.port], { timeouts }))
  await using client = await rawClient(balancer.port)
  client.send(get)
  await client.until(/ok$/)
  const stopped = balancer.stop()
  // The main thread closes the port first; a moment later the workers know, too.
  await eventually(async () => !(await connects(balancer.port)))
  await new Promise((resolve) => setTimeout(resolve, 50))
  client.send(get)
  expect(await client.closed()).toMatch(/ok.*Connection: close\r\n\r\nok$/s)
  await stopped
})

test('connections that wait to be accepted when the balancer stops are served', async () => {
  await using backend = await recordingBackend()
  const balancer = await startBalancer(configFor([backend.port], { timeouts: { drain: 10 } }))
  const texts = sendBeforeAccepted(balancer.port, get, 5)
  await balancer.stop()
  expect(await texts).toEqual(Array(5).fill(expect.stringMatching(/Connection: close\r\n\r\nok$/)))
})

test('a connection whose response had begun before the drain is closed soon after it', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome')
  })
  const timeouts = { drain: 3600, keepAlive: 3600 }
  const balancer = await startBalancer(configFor([backend.port], { timeouts }))
  await using client = await rawClient(balancer.port)
  await using idle = await rawClient(balancer.port)
  client.send(get)
  await client.until(/some$/)
  const stopped = balancer.stop()
  // The worker drains, too.
  await idle.closed()
  backend.sockets[0]?.write('thing')
  expect(await client.closed()).toMatch(/something$/)
  await stopped
})

test('a request that has come unseen when the time of an idle connection is up is served', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], {
    timeouts: { keepAlive: 0.1, linger: 0.1 },
  })
  await using client = await rawClient(balancer.port)
  client.send(get)
  await client.until(/ok$/)
  stopReading(balancer.clients()[0] as Socket)
  client.send(get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  expect(await client.closed()).toMatch(/ok.*Connection: close\r\n\r\nok$/s)
})

test('in the grace time connections are accepted, and /healthz reports the stop', async () => {
  await using backend = await recordingBackend()
  const settings = { admin: { port: 0 }, timeouts: { grace: 600 } }
  const balancer = await startBalancer(configFor([backend.port], settings))
  const healthz = async () =>
    (await fetch(`http://127.0.0.1:${balancer.adminPort}/healthz`, { keepalive: false })).status
  expect(await healthz()).toBe(200)
  await using before = await rawClient(balancer.port)
  before.send(get)
  await before.until(/ok$/)
  const stopped = balancer.stop()
  expect(await healthz()).toBe(503)
  before.send(get)
  expect(await before.until(/ok.*ok$/s)).not.toMatch(/Connection: close/)
  await using later = await rawClient(balancer.port)
  later.send(get)
  expect(await later.until(/ok$/)).not.toMatch(/Connection: close/)
  // A second stop does not shorten it.
  void balancer.stop()
  expect(await connects(balancer.port)).toBe(true)
  await balancer.cut()
  await stopped
  expect(await connects(balancer.port)).toBe(false)
})

test('after the grace time the balancer drains', async () => {
  await using backend = await recordingBackend()
  const settings = { timeouts: { grace: 0.1, drain: 10 } }
  const balancer = await startBalancer(configFor([backend.port], settings))
  await using client = await rawClient(balancer.port)
  await balancer.stop()
  expect(await client.closed()).toBe('')
  expect(await connects(balancer.port)).toBe(false)
})

test('a drain does not wait longer than it may', async () => {
  await using backend = await rawBackend(() => undefined)
  const balancer = await startBalancer(configFor([backend.port], { timeouts: { drain: 0.2 } }))
  await using client = await rawClient(balancer.port)
  client.send(get)
  await backend.until(/\r\n\r\n/)
  await balancer.stop()
  expect(await client.closed()).toBe('')
})

test('a drain cuts tunnels when its time is up', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n')
  })
  const balancer = await startBalancer(configFor([backend.port], { timeouts: { drain: 0.2 } }))
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n')
  await client.until(/101 .*\r\n\r\n$/s)
  await balancer.stop()
  await client.closed()
  await eventually(() => backend.open() === 0)
})

test('a worker that dies is replaced, and what it had in flight is taken back', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (text.includes('/wait')) return
    respondWith('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')(socket, text)
  })
  await using balancer = await startBalancer(configFor([backend.port], { workers: 2 }))
  await using doomed = await rawClient(balancer.port)
  await using other = await rawClient(balancer.port)
  doomed.send(get.replace('/ ', '/wait '))
  await backend.until(/\/wait/)
  expect(balancer.counts().inFlight).toEqual([1])
  balancer.kill(balancer.counts().perWorker.indexOf(1))
  await doomed.closed()
  other.send(get)
  await other.until(/ok$/)
  const close = get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
  for (let n = 0; n < 4; n++) expect(await exchange(balancer.port, close)).toMatch(/ok$/)
  expect(balancer.counts()).toMatchObject({ requests: 6, answered: 5, aborted: 1, inFlight: [0] })
})

test('nothing is done for a client that closed before it was accepted', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  sendAndReset(balancer.port, get)
  expect(
    await exchange(balancer.port, get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')),
  ).toMatch(/ok$/)
  await eventually(() => balancer.clients().length === 0)
  expect(backend.requests).toHaveLength(1)
  expect(balancer.counts().requests).toBe(1)
})

/** Sends on a connection, and resets it, before this thread can accept any. */
function sendAndReset(port: number, bytes: string): void {
  const done = new Int32Array(new SharedArrayBuffer(4))
  const client = `
    const { port, bytes, done } = require('node:worker_threads').workerData
    const socket = require('node:net').connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      socket.resetAndDestroy()
    })
    socket.on('close', () => {
      Atomics.store(done, 0, 1)
      Atomics.notify(done, 0)
    })`
  new Worker(client, { eval: true, workerData: { port, bytes, done } })
  expect(Atomics.wait(done, 0, 0, 20_000)).not.toBe('timed-out')
}

/** Sends on `count` connections before this thread can accept any; resolves to all that came on each. */
function sendBeforeAccepted(port: number, bytes: string, count: number): Promise<string[]> {
  const connected = new Int32Array(new SharedArrayBuffer(4))
  const clients = `
    const { parentPort, workerData } = require('node:worker_threads')
    const { port, bytes, count, connected } = workerData
    const texts = Array(count).fill('')
    let open = count
    for (let i = 0; i < count; i++) {
      const socket = require('node:net').connect(port, '127.0.0.1', () => {
        socket.write(bytes)
        Atomics.add(connected, 0, 1)
        Atomics.notify(connected, 0)
      })
      socket.on('data', (data) => { texts[i] += data })
      socket.on('error', ({ code }) => { texts[i] += code })
      socket.on('close', () => { if (--open === 0) parentPort.postMessage(texts) })
    }`
  const worker = new Worker(clients, { eval: true, workerData: { port, bytes, count, connected } })
  const texts = once(worker, 'message').then(([received]) => received as string[])
  while (Atomics.load(connected, 0) < count)
    expect(Atomics.wait(connected, 0, Atomics.load(connected, 0), 20_000)).not.toBe('timed-out')
  return texts
}

/** Whether a connection to the port is accepted. */
function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
