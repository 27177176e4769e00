import { expect, test } from 'vitest'
import { balance, closedPort, eventually } from './support/balance.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

test('a refused connection is 502', async () => {
  await using balancer = await balance([await closedPort()])
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/)
  expect(balancer.counts()).toMatchObject({
    requests: 1,
    answered: 1,
    failed: { 502: 1, 503: 0, 504: 0 },
    perBackend: [0],
    inFlight: [0],
  })
})

test.for([
  ['closes without a response', (socket) => socket.end()],
  ['resets', (socket) => socket.resetAndDestroy()],
  ['responds with garbage', (socket) => socket.write('GARBAGE GARBAGE GARBAGE\r\n\r\n')],
  ['responds with 099', (socket) => socket.write('HTTP/1.1 099 No\r\nContent-Length: 0\r\n\r\n')],
  ['closes in the middle of the head', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
] as const satisfies [string, (socket: import('node:net').Socket) => void][])(
  'a backend that %s is 502',
  async ([, act]) => {
    await using backend = await rawBackend((socket) => void act(socket))
    await using balancer = await balance([backend.port])
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/)
    expect(balancer.counts()).toMatchObject({
      requests: 1,
      answered: 1,
      failed: { 502: 1 },
      inFlight: [0],
    })
  },
)

test('a backend with weight 0 gets nothing, not even a retry', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([], {
    backends: [
      { url: `http://127.0.0.1:${backend.port}`, weight: 0 },
      { url: `http://127.0.0.1:${await closedPort()}`, weight: 1 },
    ],
  })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 502 /)
  expect(backend.requests).toHaveLength(0)
})

test('a backend that does not respond in time is 504', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port], { timeouts: { firstByte: 0.1 } })
  expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 504 Gateway Timeout\r\n/)
  await eventually(() => backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ answered: 1, failed: { 504: 1 }, inFlight: [0] })
})

test('a response that stops in the middle is cut, not ended', async () => {
  await using backend = await rawBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome of it')
  })
  await using balancer = await balance([backend.port], { timeouts: { idle: 0.1 } })
  expect(await exchange(balancer.port, get)).toMatch(/some of it$/)
  expect(balancer.counts()).toMatchObject({ answered: 0, aborted: 1, inFlight: [0] })
})

test.for([
  ['a length', 'Content-Length: 100\r\n\r\nsome of it'],
  ['chunks', 'Transfer-Encoding: chunked\r\n\r\na\r\nsome of it\r\n'],
])('a response with %s whose backend closes early never looks complete', async ([, rest]) => {
  await using backend = await rawBackend((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`))
  await using balancer = await balance([backend.port])
  const response = await exchange(balancer.port, get)
  expect(response).toMatch(/some of it(\r\n)?$/)
  expect(balancer.counts()).toMatchObject({ answered: 0, aborted: 1, inFlight: [0] })
})

test.for([
  ['nothing', '\r\nsome of it'],
  ['chunks', 'Transfer-Encoding: chunked\r\n\r\n10\r\nsome of it'],
])(
  'a response with %s that breaks off resets a client whose body lasts until the end',
  async ([, rest]) => {
    await using backend = await rawBackend((socket) => socket.write(`HTTP/1.1 200 OK\r\n${rest}`))
    await using balancer = await balance([backend.port])
    await using client = await rawClient(balancer.port)
    client.send('GET / HTTP/1.0\r\n\r\n')
    await client.until(/some of it$/)
    backend.sockets[0]?.resetAndDestroy()
    await client.closed()
    expect(client.fault()).toMatchObject({ code: 'ECONNRESET' })
  },
)

test('a client that goes away ends the work of its backend', async () => {
  await using backend = await rawBackend(() => undefined)
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send(get)
  await backend.until(/\r\n\r\n/)
  expect(balancer.counts().inFlight).toEqual([1])
  client.socket.resetAndDestroy()
  await eventually(() => backend.open() === 0)
  expect(balancer.counts()).toMatchObject({ requests: 1, answered: 0, aborted: 1, inFlight: [0] })
})
