import { once } from 'node:events'
import { constants } from 'node:http2'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { startBalancer } from '../../../src/balancer/supervisor/balancer.ts'
import { balance, configFor, eventually } from '../support/balance.ts'
import { h2Client, responseOf } from '../support/h2-client.ts'
import { h2Frames, headers, settingsAck } from '../support/h2-frames.ts'
import { holdWrites } from '../support/hold-writes.ts'
import { rawBackend } from '../support/raw-backend.ts'
import { recordingBackend } from '../support/recording-backend.ts'

test.for([
  ['CANCEL', constants.NGHTTP2_CANCEL],
  ['NO_ERROR', constants.NGHTTP2_NO_ERROR],
] as const)(
  'a stream that its client resets with %s ends the work of its backend',
  async ([, code]) => {
    await using backend = await rawBackend(() => undefined)
    await using balancer = await balance([backend.port])
    await using client = await h2Client(balancer.port)
    const stream = client.open({})
    await backend.until(/\r\n\r\n/)
    stream.close(code)
    await eventually(() => backend.open() === 0)
    expect(balancer.counts()).toMatchObject({ requests: 1, aborted: 1, inFlight: [0] })
    expect(client.session.destroyed).toBe(false)
  },
)

test('a hundred downloads that are reset leave nothing in flight', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')
    socket.write(Buffer.alloc(1_000_000))
  })
  await using balancer = await balance([backend.port], { algorithm: 'least-connections' })
  await using client = await h2Client(balancer.port)
  const streams = Array.from({ length: 100 }, () => client.open({}))
  await Promise.all(streams.map((stream) => once(stream, 'response')))
  expect(balancer.counts().inFlight).toEqual([100])
  for (const stream of streams) stream.close(constants.NGHTTP2_CANCEL)
  await eventually(() => balancer.counts().inFlight[0] === 0 && backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ requests: 100, answered: 0, aborted: 100 })
})

test('a connection that breaks takes all its streams with it', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  for (let opened = 0; opened < 20; opened++) client.open({})
  await eventually(() => balancer.counts().inFlight[0] === 20)
  client.session.destroy()
  await eventually(() => balancer.counts().inFlight[0] === 0 && backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ requests: 20, aborted: 20, inFlight: [0] })
  await eventually(() => balancer.clients().length === 0)
})

const get = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'a.test'],
] as const

test('a client that closes its side behind a request gets the response, and loses what it did not complete', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  client.send(headers(1, get))
  await backend.until(/\r\n\r\n/)
  client.send(headers(3, [[':method', 'POST'], ...get.slice(1)], true))
  await eventually(() => balancer.counts().inFlight[0] === 2)
  client.socket.end()
  expect(await client.resetCode(3)).toBeDefined()
  backend.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine')
  expect(await client.closed()).toMatch(/mine/)
  await eventually(() => balancer.clients().length === 0)
  expect(balancer.counts()).toMatchObject({ requests: 2, answered: 1, aborted: 1, inFlight: [0] })
})

test('a client that closes its side while a finished response is not written yet gets all of it', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  client.send(Buffer.concat([settingsAck, headers(1, get)]))
  expect(await client.outcome(1)).toBe(200)
  const connection = balancer.clients()[0] as Socket
  const release = holdWrites(connection)
  client.send(headers(3, get))
  await eventually(() => balancer.counts().answered === 2)
  client.socket.end()
  await eventually(() => connection.readableEnded)
  release()
  expect(await client.outcome(3)).toBe(200)
  await client.closed()
  await eventually(() => balancer.clients().length === 0)
})

test('a client that is gone behind its request ends the work of its backend', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await h2Frames(balancer.port)
  client.send(headers(1, get))
  await backend.until(/\r\n\r\n/)
  // All that came was read, so that this sends FIN, as a half-close does.
  client.socket.destroy()
  await eventually(() => balancer.counts().inFlight[0] === 0)
  expect(balancer.counts()).toMatchObject({ requests: 1, aborted: 1 })
})

test.for(['Content-Length: 100\r\n\r\npart', 'Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'])(
  'a response that breaks off is no clean end: %j',
  async (said) => {
    await using backend = await rawBackend((socket) => socket.end(`HTTP/1.1 200 OK\r\n${said}`))
    await using balancer = await balance([backend.port])
    await using client = await h2Client(balancer.port)
    const response = await client.ask()
    expect(response.code).toBe(constants.NGHTTP2_INTERNAL_ERROR)
    expect(balancer.counts()).toMatchObject({ requests: 1, aborted: 1, inFlight: [0] })
  },
)

test('a response before the end of the request arrives, and no more is read', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (text.length > 1000 && socket.bytesWritten === 0) {
      socket.end('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig')
    }
  })
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  const stream = client.open({ ':method': 'POST', 'content-length': 10_000_000 })
  stream.write('x'.repeat(2000))
  expect(await responseOf(stream)).toMatchObject({ status: 413, body: 'big', code: 0 })
  expect(balancer.counts()).toMatchObject({ answered: 1, aborted: 0, inFlight: [0] })
})

test('a slow reader holds up its backend, and nobody else', async () => {
  const size = 20_000_000
  await using backend = await recordingBackend(({ target }, response) => {
    response.end(target === '/big' ? Buffer.alloc(size, 'a') : 'ok')
  })
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  const stream = client.open({ ':path': '/big' })
  await once(stream, 'response')
  stream.pause()
  for (let turn = 0; turn < 10; turn++) expect(await client.ask()).toMatchObject({ body: 'ok' })
  expect(balancer.counts()).toMatchObject({ answered: 10, inFlight: [1] })
  const rest = responseOf(stream)
  stream.resume()
  const response = await rest
  expect(response.body.length).toBe(size)
})

test.for([1, 2])(
  'a drain says GOAWAY, and finishes what is in flight, %i workers',
  async (workers) => {
    await using backend = await rawBackend(() => undefined)
    const config = configFor([backend.port], { workers, timeouts: { drain: 10 } })
    const balancer = await startBalancer(config)
    await using client = await h2Client(balancer.port)
    await using idle = await h2Client(balancer.port)
    // It is an HTTP/2 connection on our side, too, once it was told of our settings.
    await once(idle.session, 'remoteSettings')
    const response = client.ask()
    await backend.until(/\r\n\r\n/)
    const leaving = once(client.session, 'goaway')
    const idleLeft = once(idle.session, 'close')
    const stopped = balancer.stop()
    const [code] = await leaving
    expect(code).toBe(constants.NGHTTP2_NO_ERROR)
    await idleLeft
    backend.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    expect(await response).toMatchObject({ status: 200, body: 'ok', code: 0 })
    await stopped
    expect(balancer.counts()).toMatchObject({ requests: 1, answered: 1, aborted: 0, inFlight: [0] })
  },
)

test('streams are no connections: their number is right when all are closed', async () => {
  await using backend = await recordingBackend()
  const config = configFor([backend.port], { workers: 2, limits: { connections: 2 } })
  await using balancer = await startBalancer(config)
  for (let turn = 0; turn < 3; turn++) {
    await using client = await h2Client(balancer.port)
    await using other = await h2Client(balancer.port)
    for (let asked = 0; asked < 5; asked++) await client.ask()
    expect(await other.ask()).toMatchObject({ status: 200 })
    // A third one would be refused.
    const closing = [once(client.session, 'close'), once(other.session, 'close')]
    client.session.close()
    other.session.close()
    await Promise.all(closing)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
})
