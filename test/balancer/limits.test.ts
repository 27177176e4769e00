import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { balance, eventually } from './support/balance.ts'
import { rawBackend, respondWith } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const close = 'Connection: close\r\n'
const get = (more = '') => `GET / HTTP/1.1\r\nHost: lb.test\r\n${more}\r\n`
const post = `POST / HTTP/1.1\r\nHost: lb.test\r\n${close}`
const okay = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

test.for([
  ['too long a head', get(`X-Big: ${'a'.repeat(1000)}\r\n${close}`), 431],
  ['too long a head without end', `GET / HTTP/1.1\r\nX-Big: ${'a'.repeat(100_000)}`, 431],
  ['too long a target', `GET /${'a'.repeat(1000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
  ['too many fields', get('X: 1\r\n'.repeat(11)), 431],
  ['too long a body', `${post}Content-Length: 101\r\n\r\n`, 413],
] as const)('%s is refused with what says so', async ([, request, status]) => {
  await using backend = await recordingBackend()
  const limits = { headBytes: 500, fields: 10, bodyBytes: 100 }
  await using balancer = await balance([backend.port], { limits })
  const response = await exchange(balancer.port, request)
  expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*\r\nConnection: close\r\n`, 's'))
  expect(backend.requests).toEqual([])
  expect(balancer.counts()).toMatchObject({ requests: 0, refused: 1 })
})

test('a refusal arrives although the client goes on sending', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { limits: { bodyBytes: 100 } })
  await using client = await rawClient(balancer.port)
  client.send(`${post}Content-Length: 3000000\r\n\r\n${'x'.repeat(3_000_000)}`)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 413 .*413 Content Too Large\n$/s)
  // A reset may overtake the response on its way: what still comes has to be read.
  expect(client.fault()).toBeUndefined()
})

test('as many fields as are allowed all arrive', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { limits: { fields: 500 } })
  const fields = Array.from({ length: 498 }, (_, i) => `X-${i}: ${i}\r\n`).join('')
  expect(await exchange(balancer.port, get(close + fields))).toMatch(/^HTTP\/1\.1 200 /)
  expect(backend.requests[0]?.headers).toMatchObject({ 'x-0': '0', 'x-497': '497' })
})

test('a body in chunks that grows too long is refused, and its backend sees no end', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { limits: { bodyBytes: 100 } })
  await using client = await rawClient(balancer.port)
  client.send(`${post}Transfer-Encoding: chunked\r\n\r\n32\r\n${'a'.repeat(50)}\r\n`)
  await backend.until(/a{50}/)
  client.send(`33\r\n${'a'.repeat(51)}\r\n`)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 413 /)
  expect(backend.received[0]).not.toMatch(/0\r\n\r\n$/)
})

test('too many connections get 503 and are closed; when one leaves, the next is served', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { workers: 1, limits: { connections: 1 } })
  await using one = await rawClient(balancer.port)
  one.send(get())
  await one.until(/ok$/)
  expect(await exchange(balancer.port, get())).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 1\r\n/s)
  await one[Symbol.asyncDispose]()
  let response = ''
  await eventually(() => {
    void exchange(balancer.port, get(close)).then((text) => {
      response = text
    })
    return response.startsWith('HTTP/1.1 200')
  })
})

test('a head that drips in is 408 in the end, however steadily it drips', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port], { timeouts: { head: 0.2 } })
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.1\r\nHost: lb.test\r\n')
  const drip = setInterval(() => client.send('X: 1\r\n'), 20)
  const response = await client.closed()
  clearInterval(drip)
  expect(response).toMatch(/^HTTP\/1\.1 408 /)
  expect(balancer.counts()).toMatchObject({ requests: 0, refused: 1 })
})

test('a body that stops coming is 408, and its backend is let go', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { timeouts: { idle: 0.1 } })
  const response = await exchange(balancer.port, `${post}Content-Length: 10\r\n\r\nhello`)
  expect(response).toMatch(/^HTTP\/1\.1 408 /)
  await eventually(() => backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ requests: 1, answered: 1, refused: 1, inFlight: [0] })
})

test('a connection without a request is closed without a word', async () => {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port], { timeouts: { head: 0.1, keepAlive: 0.1 } })
  await using silent = await rawClient(balancer.port)
  expect(await silent.closed()).toBe('')
  await using idle = await rawClient(balancer.port)
  idle.send(get())
  expect(await idle.closed()).toMatch(/ok$/)
  expect(balancer.counts().refused).toBe(0)
})

test('a client may not send ahead what it likes while its request waits', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(get())
  await backend.until(/\r\n\r\n/)
  client.send(get().repeat(1_000_000))
  const [connection] = balancer.clients()
  await eventually(() => connection?.isPaused() === true)
  expect(connection?.bytesRead).toBeLessThan(1 << 20)
})

test.for([
  ['by the balancer itself', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n', {}],
  ['by the rate limit', get(), { rateLimit: { rate: 0.001, burst: 1 } }],
] as const)('requests answered %s wait while their client reads nothing', async ([, one, over]) => {
  const requests = 100_000
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port], over)
  await using client = await rawClient(balancer.port)
  client.socket.pause()
  client.send(one.repeat(requests))
  const [connection] = balancer.clients()
  await eventually(() => connection?.isPaused() === true)
  expect(connection?.writableLength).toBeLessThan(1 << 17)
  expect(balancer.counts().requests).toBeLessThan(requests)
  client.socket.resume()
  await eventually(() => balancer.counts().answered === requests)
  await eventually(() => connection?.writableLength === 0)
  expect(connection?.isPaused()).toBe(false)
})

test('responses of a backend are not heaped up for a client that reads nothing', async () => {
  const long = `HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n${'x'.repeat(60_000)}`
  await using backend = await rawBackend(respondWith(long))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.socket.pause()
  client.send(get().repeat(1000))
  const [connection] = balancer.clients()
  await eventually(() => connection?.isPaused() === true)
  expect(connection?.writableLength).toBeLessThan(1 << 18)
  expect(balancer.counts().requests).toBeLessThan(1000)
  client.socket.resume()
  await eventually(() => balancer.counts().answered === 1000)
})

test('a response may take longer than the idle time as long as it goes on', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n')
    for (let at = 1; at <= 6; at++) setTimeout(() => socket.write('x'), at * 300)
  })
  const timeouts = { firstByte: 1.2, idle: 1.2 }
  await using balancer = await balance([backend.port], { timeouts })
  expect(await exchange(balancer.port, get(close))).toMatch(/xxxxxx$/)
})

test.for([
  ['of HTTP/1.1', get(close), 'Content-Length: 6000000\r\n'],
  ['of HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', 'Content-Length: 6000000\r\n'],
  ['without a length', 'GET / HTTP/1.0\r\n\r\n', ''],
] as const)(
  'a last response %s arrives complete, however late it is read',
  async ([, request, length]) => {
    await using backend = await rawBackend((socket) => {
      socket.end(
        Buffer.concat([
          Buffer.from(`HTTP/1.1 200 OK\r\n${length}\r\n`),
          Buffer.alloc(6_000_000, 'x'),
        ]),
      )
    })
    await using balancer = await balance([backend.port], { timeouts: { linger: 0.05, idle: 30 } })
    await using client = await rawClient(balancer.port)
    client.socket.pause()
    client.send(request)
    const [connection] = balancer.clients()
    await eventually(() => (connection?.writableLength ?? 0) > 0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    client.socket.resume()
    expect((await client.closed()).replace(/^.*?\r\n\r\n/s, '')).toHaveLength(6_000_000)
    expect(client.fault()).toBeUndefined()
  },
)

test('a last response that is never read is reset after the idle time', async () => {
  await using backend = await rawBackend((socket) => {
    socket.end(
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), Buffer.alloc(30_000_000, 'x')]),
    )
  })
  await using balancer = await balance([backend.port], { timeouts: { linger: 0.05, idle: 0.2 } })
  await using client = await rawClient(balancer.port)
  client.socket.pause()
  client.send('GET / HTTP/1.0\r\n\r\n')
  await eventually(() => balancer.clients().length === 1)
  await eventually(() => balancer.clients().length === 0)
  client.socket.resume()
  await client.closed()
  expect(client.fault()).toMatchObject({ code: 'ECONNRESET' })
})

test('a refusal waits for a client that goes on sending for much longer than it may linger', async () => {
  const refusal =
    'HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge'
  await using backend = await rawBackend((socket, text) => {
    if (text.length < 10_000) socket.write(refusal)
  })
  await using balancer = await balance([backend.port], { timeouts: { linger: 0.5 } })
  await using client = await rawClient(balancer.port)
  client.socket.pause()
  client.send(`${post}Content-Length: 3000000\r\n\r\n`)
  await backend.until(/\r\n\r\n/)
  for (let n = 0; n < 30; n++) {
    client.send('y'.repeat(10_000))
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  client.socket.resume()
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 413 .*large$/s)
  expect(client.fault()).toBeUndefined()
})

test('a client that reads nothing does not hold its backend for ever', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n')
    socket.write(Buffer.alloc(50_000_000))
  })
  // It is no fault of the backend, which one fault would take out.
  const health = { passive: { failures: 1 }, maxEjectedShare: 1 }
  await using balancer = await balance([backend.port], { timeouts: { idle: 0.2 }, health })
  const client = connect(balancer.port, '127.0.0.1').pause()
  client.on('error', () => undefined)
  client.write(get())
  await eventually(() => balancer.counts().aborted === 1)
  await eventually(() => backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ answered: 0, inFlight: [0] })
  client.destroy()
  await using next = await rawClient(balancer.port)
  next.send(get())
  expect(await next.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 200 /)
})

test('a connection to a backend that does not come about in time is 504, unless another does', async () => {
  // An address of TEST-NET-1 (RFC 5737): nobody responds, or the system knows no way there at once.
  const nowhere = { url: 'http://192.0.2.1:80', weight: 1 }
  await using alone = await balance([], { backends: [nowhere], timeouts: { connect: 0.1 } })
  expect(await exchange(alone.port, get(close))).toMatch(/^HTTP\/1\.1 50[24] /)
  await using backend = await recordingBackend()
  const backends = [nowhere, { url: `http://127.0.0.1:${backend.port}`, weight: 1 }]
  await using both = await balance([], { backends, timeouts: { connect: 0.1 } })
  expect(await exchange(both.port, get(close))).toMatch(/^HTTP\/1\.1 200 /)
})

test('a request that takes too long in all is 504, and not tried anywhere else', async () => {
  await using slow = await rawBackend(() => undefined)
  await using other = await recordingBackend()
  const timeouts = { request: 0.1 }
  await using balancer = await balance([slow.port, other.port], { timeouts })
  expect(await exchange(balancer.port, get(close))).toMatch(/^HTTP\/1\.1 504 /)
  await eventually(() => slow.open() === 0)
  expect(balancer.counts()).toMatchObject({ retried: 0, failed: { 504: 1 }, inFlight: [0, 0] })
})

test('a response that is not complete in the time for the whole request is cut', async () => {
  const drips: NodeJS.Timeout[] = []
  await using slow = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n')
    drips.push(setInterval(() => socket.write('x'), 10))
  })
  await using balancer = await balance([slow.port], { timeouts: { request: 0.2 } })
  expect(await exchange(balancer.port, get(close))).toMatch(/^HTTP\/1\.1 200 .*x$/s)
  for (const drip of drips) clearInterval(drip)
  expect(balancer.counts()).toMatchObject({ aborted: 1, inFlight: [0] })
})
