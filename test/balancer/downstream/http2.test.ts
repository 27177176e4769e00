import { once } from 'node:events'
import { expect, test } from 'vitest'
import { balance, eventually } from '../support/balance.ts'
import { h2Client, responseOf } from '../support/h2-client.ts'
import { preface, settings } from '../support/h2-frames.ts'
import { rawBackend, respondWith } from '../support/raw-backend.ts'
import { rawClient } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'

test('a request in HTTP/2 reaches its backend in HTTP/1.1, and the response comes back', async () => {
  await using backend = await rawBackend(
    respondWith(
      'HTTP/1.1 200 OK\r\nX-A: one\r\nX-A: two\r\nKeep-Alive: timeout=5\r\nConnection: x-b\r\nX-B: b\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok',
    ),
  )
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  const response = await client.ask({
    ':path': '/a?b=c%20d',
    ':authority': 'lb.test',
    cookie: ['a=1', 'b=2'],
    'x-forwarded-for': '192.0.2.1',
  })
  expect(response).toMatchObject({ status: 200, body: 'ok', code: 0 })
  expect(response.headers).toMatchObject({ 'x-a': 'one, two', 'set-cookie': ['a=1', 'b=2'] })
  for (const name of ['keep-alive', 'connection', 'x-b', 'transfer-encoding']) {
    expect(response.headers).not.toHaveProperty(name)
  }
  expect(backend.received[0]).toMatch(/^GET \/a\?b=c%20d HTTP\/1\.1\r\nHost: lb\.test\r\n/)
  expect(backend.received[0]).toContain('\r\ncookie: a=1; b=2\r\n')
  expect(backend.received[0]).toContain('\r\nVia: 2.0 lb\r\n')
  expect(backend.received[0]).toContain('\r\nX-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n')
  expect(balancer.counts()).toMatchObject({ requests: 1, answered: 1, aborted: 0, inFlight: [0] })
})

test('the streams of one connection go to backends of their own, and wait for nobody', async () => {
  await using slow = await rawBackend(() => undefined)
  await using quick = await recordingBackend()
  await using balancer = await balance([slow.port, quick.port])
  await using client = await h2Client(balancer.port)
  const waiting = [client.ask(), client.ask(), client.ask(), client.ask()]
  const first = await Promise.any(waiting)
  expect(first).toMatchObject({ status: 200, body: 'ok' })
  await eventually(() => balancer.counts().answered === 2)
  expect(balancer.counts()).toMatchObject({ requests: 4, perBackend: [2, 2], inFlight: [2, 0] })
  for (const socket of slow.sockets) {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow')
  }
  const bodies = (await Promise.all(waiting)).map(({ body }) => body)
  expect(bodies.toSorted()).toEqual(['ok', 'ok', 'slow', 'slow'])
})

test.for([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', 200],
  ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 200],
  ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', 204],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', 304],
] as const)('%s with %j has no body', async ([method, said, status]) => {
  await using backend = await rawBackend(respondWith(said))
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  for (let turn = 0; turn < 2; turn++) {
    expect(await client.ask({ ':method': method })).toMatchObject({ status, body: '', code: 0 })
  }
  // The connection to the backend was fit to be used again.
  expect(backend.sockets).toHaveLength(1)
  expect(balancer.counts()).toMatchObject({ answered: 2, aborted: 0 })
})

test('interim responses and trailers pass, in both directions', async () => {
  await using backend = await recordingBackend((_, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    response.setHeader('Trailer', 'x-sum')
    response.write('part')
    response.addTrailers({ 'x-sum': 'two' })
    response.end()
  })
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  const stream = client.session.request(
    { ':method': 'POST', te: 'trailers', expect: '100-continue' },
    { waitForTrailers: true },
  )
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'one' }))
  const response = responseOf(stream)
  await once(stream, 'continue')
  stream.end('body')
  expect(await response).toMatchObject({ status: 200, body: 'part', trailers: { 'x-sum': 'two' } })
  expect((await response).interim).toContain(103)
  expect(backend.requests[0]).toMatchObject({ body: 'body', trailers: { 'x-sum': 'one' } })
})

test.for(['constructor', '__proto__'])(
  'an interim response and trailers with a field called %s pass like any other',
  async (name) => {
    const body = `Transfer-Encoding: chunked\r\n\r\n0\r\n${name}: 1\r\n${name}: 2\r\n\r\n`
    await using backend = await rawBackend(
      respondWith(`HTTP/1.1 103 Early Hints\r\n${name}: 1\r\n\r\nHTTP/1.1 200 OK\r\n${body}`),
    )
    await using balancer = await balance([backend.port])
    await using client = await h2Client(balancer.port)
    const stream = client.open({ te: 'trailers' })
    const came: unknown[] = []
    for (const event of ['headers', 'trailers']) {
      stream.on(event, (_fields, _flags, raw: string[]) => came.push(raw.slice(-2)))
    }
    expect(await responseOf(stream)).toMatchObject({ status: 200, interim: [103], code: 0 })
    expect(came).toEqual([
      [name, '1'],
      [name, '2'],
    ])
  },
)

test.for([true, false])('a body of 3 MB passes both ways, its length said: %s', async (said) => {
  await using backend = await recordingBackend(({ body }, response) => {
    if (said) response.setHeader('Content-Length', body.length)
    response.end(body, 'latin1')
  })
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  const body = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at % 251))
  const length = said ? { 'content-length': body.length } : {}
  const response = await client.ask({ ':method': 'POST', ...length }, body)
  expect(response).toMatchObject({ status: 200, code: 0 })
  expect(response.body === body.toString('latin1')).toBe(true)
})

test('a request without a body says so to a backend that would wait for one', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await h2Client(balancer.port)
  const stream = client.session.request({ ':method': 'POST' }, { endStream: true })
  expect(await responseOf(stream)).toMatchObject({ status: 200 })
  expect(backend.requests[0]?.headers).toMatchObject({ 'content-length': '0' })
})

test('nothing but an idempotent request is sent twice', async () => {
  await using doomed = await rawBackend((socket) => socket.destroy())
  await using sound = await recordingBackend()
  await using balancer = await balance([doomed.port, sound.port])
  await using client = await h2Client(balancer.port)
  expect(await client.ask()).toMatchObject({ status: 200, body: 'ok' })
  expect(balancer.counts()).toMatchObject({ retried: 1 })
  const statuses = [
    await client.ask({ ':method': 'POST' }),
    await client.ask({ ':method': 'POST' }),
  ]
  expect(statuses.map(({ status }) => status).toSorted()).toEqual([200, 502])
})

test('the bytes that open HTTP/2 may come one by one', async () => {
  await using balancer = await balance([1])
  await using client = await rawClient(balancer.port)
  for (const byte of preface + settings.toString('latin1')) {
    client.send(byte)
    await new Promise((resolve) => setImmediate(resolve))
  }
  // Its own SETTINGS, and that it has seen ours.
  await client.until(/./s)
  await eventually(() => client.text().endsWith('\0\0\0\x04\x01\0\0\0\0'))
})

test.for([
  ['alone', '', 408],
  ['with something else behind it', 'GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n', 505],
] as const)('the preface %s opens nothing', async ([, more, status]) => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(preface + more)
  expect(await client.closed()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(backend.requests).toEqual([])
})

test('HTTP/2 does not start behind a request in HTTP/1.1', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n')
  await client.until(/ok$/)
  client.send(preface + settings.toString('latin1'))
  expect(await client.closed()).toMatch(/ok.*HTTP\/1\.1 505 /s)
})
