import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { balance, closedPort, eventually } from './support/balance.ts'
import { certificateOf } from './support/certificates.ts'
import { rawBackend, respondWith } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { recordingBackend } from './support/recording-backend.ts'

const request = (method: string, body = '') =>
  `${method} / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n${body === '' ? '' : `Content-Length: ${body.length}\r\n`}\r\n${body}`
const okay = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

test('what was never sent goes to another backend, whatever its method', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([await closedPort(), backend.port])
  expect(await exchange(balancer.port, request('POST', 'hello'))).toMatch(/^HTTP\/1\.1 200 /)
  expect(backend.requests.map(({ body }) => body)).toEqual(['hello'])
  expect(balancer.counts()).toMatchObject({ retried: 1, failed: { 502: 0 }, inFlight: [0, 0] })
})

test.for(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])(
  'a %s whose backend closes without a word goes to another, body and all',
  async (method) => {
    await using bad = await rawBackend((socket) => socket.end())
    await using good = await recordingBackend()
    await using balancer = await balance([bad.port, good.port])
    const response = await exchange(balancer.port, request(method, method === 'PUT' ? 'hello' : ''))
    expect(response).toMatch(/^HTTP\/1\.1 200 /)
    expect(good.requests.map(({ body }) => body)).toEqual([method === 'PUT' ? 'hello' : ''])
    expect(balancer.counts()).toMatchObject({ perBackend: [1, 1], inFlight: [0, 0], retried: 1 })
  },
)

test.for(['POST', 'PATCH', 'LOCK'])('a %s that was sent is never sent again', async (method) => {
  await using bad = await rawBackend((socket) => socket.end())
  await using good = await recordingBackend()
  await using balancer = await balance([bad.port, good.port])
  expect(await exchange(balancer.port, request(method, 'hello'))).toMatch(/^HTTP\/1\.1 502 /)
  expect(good.requests).toEqual([])
})

test('nothing is sent again once a byte of the response came', async () => {
  await using bad = await rawBackend((socket) => socket.end('H'))
  await using good = await recordingBackend()
  await using balancer = await balance([bad.port, good.port])
  expect(await exchange(balancer.port, request('GET'))).toMatch(/^HTTP\/1\.1 502 /)
  expect(good.requests).toEqual([])
})

test('a request whose body is not all at hand is not sent again', async () => {
  await using bad = await rawBackend((socket, text) => text.endsWith('world') && socket.end())
  await using good = await recordingBackend()
  await using balancer = await balance([bad.port, good.port])
  await using client = await rawClient(balancer.port)
  client.send('PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello')
  await bad.until(/hello$/)
  client.send('world')
  expect(await client.until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 502 /)
  expect(good.requests).toEqual([])
})

test('no backend gets a request twice, and no more than the tries allow', async () => {
  const closing = (socket: Socket) => socket.end()
  await using a = await rawBackend(closing)
  await using b = await rawBackend(closing)
  await using c = await rawBackend(closing)
  await using all = await balance([a.port, b.port])
  expect(await exchange(all.port, request('GET'))).toMatch(/^HTTP\/1\.1 502 /)
  expect(all.counts().perBackend).toEqual([1, 1])
  await using few = await balance([a.port, b.port, c.port], { retries: { tries: 2 } })
  expect(await exchange(few.port, request('GET'))).toMatch(/^HTTP\/1\.1 502 /)
  expect(few.counts().perBackend).toEqual([1, 1, 0])
})

test('retries are limited to a share of the requests in flight', async () => {
  // Takes ten requests, then closes them all at once: the good backend never responds.
  const held: Socket[] = []
  await using bad = await rawBackend((socket) => {
    if (held.push(socket) === 10) for (const one of held) one.end()
  })
  await using good = await rawBackend(() => undefined)
  await using balancer = await balance([bad.port, good.port], {
    algorithm: 'least-connections',
    retries: { share: 0.2, min: 3 },
  })
  const clients = await Promise.all(Array.from({ length: 20 }, () => rawClient(balancer.port)))
  for (const client of clients) client.send(request('GET'))
  await eventually(() => balancer.counts().failed[502] > 0 && held.every((one) => one.destroyed))
  // 20 in flight: a fifth is 4, and the other 6 of the bad backend’s 10 are not sent again.
  await eventually(() => balancer.counts().failed[502] === 6)
  expect(balancer.counts()).toMatchObject({ retried: 4, perBackend: [10, 14], inFlight: [0, 14] })
  for (const client of clients) client.socket.resetAndDestroy()
})

test('an idle connection that the backend closes as we write costs no client a response', async () => {
  let served = 0
  await using backend = await rawBackend((socket, text) => {
    // The second request of a connection finds it closed.
    if (text.split('\r\n\r\n').length > 2) socket.destroy()
    else {
      served++
      socket.write(okay)
    }
  })
  await using balancer = await balance([backend.port])
  for (let n = 1; n <= 5; n++) {
    expect(await exchange(balancer.port, request('GET'))).toMatch(/^HTTP\/1\.1 200 /)
  }
  expect(served).toBe(5)
  expect(balancer.counts()).toMatchObject({ answered: 5, failed: { 502: 0 }, inFlight: [0] })
})

test('a POST on such a connection is not sent twice', async () => {
  await using backend = await rawBackend((socket, text) => {
    if (text.includes('POST')) socket.destroy()
    else respondWith(okay)(socket, text)
  })
  await using balancer = await balance([backend.port])
  await exchange(balancer.port, request('GET'))
  expect(await exchange(balancer.port, request('POST', 'x'))).toMatch(/^HTTP\/1\.1 502 /)
  expect(backend.received.join('').match(/POST/g)).toHaveLength(1)
})

test('a connection that the backend closed while it was idle is not used', async () => {
  await using backend = await rawBackend((socket) => socket.end(okay))
  await using balancer = await balance([backend.port])
  await exchange(balancer.port, request('POST', 'x'))
  await eventually(() => backend.open() === 0)
  expect(await exchange(balancer.port, request('POST', 'x'))).toMatch(/^HTTP\/1\.1 200 /)
})

test('idle connections are closed before the backend would', async () => {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port], { timeouts: { pool: 0.1 } })
  await exchange(balancer.port, request('GET'))
  expect(backend.open()).toBe(1)
  await eventually(() => backend.open() === 0)
})

/** Has `then` happen right behind each look into the kernel, until it is disposed. */
function afterLook(then: () => void): Disposable {
  const { readSync } = fs
  fs.readSync = new Proxy(readSync, {
    apply(read, self, given: Parameters<typeof readSync>) {
      try {
        return Reflect.apply(read, self, given)
      } finally {
        then()
      }
    },
  })
  syncBuiltinESMExports()
  return {
    [Symbol.dispose]() {
      fs.readSync = readSync
      syncBuiltinESMExports()
    },
  }
}

test('a POST of which not a byte was written goes out on a fresh connection', async () => {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/ok$/)
  using _ = afterLook(() => backend.sockets[0]?.resetAndDestroy())
  const post = request('POST', 'hello').replace('Connection: close\r\n', '')
  client.send(post)
  await client.until(/ok.*ok$/s)
  expect(backend.received.slice(1)).toEqual([expect.stringMatching(/^POST .*hello$/s)])
  // The connection goes on as if nothing had been.
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/ok.*ok.*ok$/s)
  expect(balancer.counts()).toMatchObject({ answered: 3, retried: 1, failed: { 502: 0 } })
})

test.for([
  ['closed', (socket: Socket): void => void socket.destroy()],
  ['reset', (socket: Socket): void => void socket.resetAndDestroy()],
] as const)(
  'a POST is not written to one that was %s in the very tick of the write',
  async ([, end]) => {
    await using backend = await rawBackend(respondWith(okay))
    await using balancer = await balance([backend.port])
    await using client = await rawClient(balancer.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/ok$/)
    // After the event loop has read from all connections, in the tick of the write: only the kernel knows.
    setImmediate(() => setImmediate(() => end(backend.sockets[0] as Socket)))
    balancer.deliver(Buffer.from(request('POST', 'hello')))
    expect(await client.closed()).toMatch(/ok.* 200 .*ok$/s)
    expect(backend.received.join('').match(/POST/g)).toHaveLength(1)
    expect(balancer.counts()).toMatchObject({ answered: 2, retried: 1, failed: { 502: 0 } })
  },
)

const farewell = 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n'

test.for(['', farewell])(
  'a POST is not written to an idle connection that the backend has closed, with the words: %j',
  async (words) => {
    await using backend = await rawBackend(respondWith(okay))
    await using balancer = await balance([backend.port])
    await using client = await rawClient(balancer.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(/ok$/)
    // Closed, and the next request read, in one tick: a write would succeed still.
    if (words !== '') backend.sockets[0]?.write(words)
    backend.sockets[0]?.destroy()
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n'
    balancer.deliver(Buffer.from(`${head}hello`))
    balancer.deliver(Buffer.from('world'))
    await client.until(/ok.*(ok$|HTTP.*\r\n\r\n)/s)
    await backend.until(/helloworld$/)
    expect(client.text()).toMatch(/ok.* 200 .*ok$/s)
    expect(backend.received.slice(1)).toEqual([
      expect.stringMatching(/^POST .*\r\n\r\nhelloworld$/s),
    ])
    expect(balancer.counts()).toMatchObject({ answered: 2, retried: 1, perBackend: [2] })
  },
)

test('nor to one over TLS', async () => {
  const sockets = new Set<Socket>()
  await using backend = await recordingBackend(
    (_, response) => {
      if (response.socket !== null) sockets.add(response.socket)
      response.end('ok')
    },
    { cert: 'backend' },
  )
  await using balancer = await balance([], {
    backends: [{ url: `https://127.0.0.1:${backend.port}`, weight: 1 }],
    backendTls: { ca: certificateOf('ca') },
  })
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/ok$/)
  for (const socket of sockets) socket.destroy()
  balancer.deliver(Buffer.from(request('POST', 'hello')))
  expect(await client.closed()).toMatch(/ok.* 200 .*ok$/s)
  expect(backend.requests.map(({ body }) => body)).toEqual(['', 'hello'])
  expect(sockets.size).toBe(2)
})

test('a POST that waits for that look keeps its place: expectation, body and pipeline', async () => {
  await using backend = await recordingBackend()
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/ok$/)
  const head = 'POST / HTTP/1.1\r\nHost: a\r\n'
  client.send(`${head}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`)
  await client.until(/ok.*100 Continue\r\n\r\n/s)
  client.send(`one${head}Transfer-Encoding: chunked\r\n\r\n3\r\ntwo`)
  await client.until(/ok.*ok$/s)
  client.send(`\r\n0\r\n\r\n${head}Content-Length: 5\r\n\r\nthree${request('GET')}`)
  expect((await client.closed()).match(/ 200 OK\r\n/g)).toHaveLength(5)
  expect(backend.requests.map(({ body }) => body)).toEqual(['', 'one', 'two', 'three', ''])
  expect(backend.connections()).toBe(1)
  expect(balancer.counts()).toMatchObject({ answered: 5, retried: 0, inFlight: [0] })
})

test('what time its head took is not held against a POST that waits for that look', async () => {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port], { timeouts: { head: 0.1 } })
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/ok$/)
  balancer.deliver(Buffer.from('POST / HTTP/1.1\r\n'))
  // The time is up in this tick, and looked at in the next.
  const late = performance.now() + 200
  while (performance.now() < late) {}
  balancer.deliver(Buffer.from('Host: a\r\nConnection: close\r\n\r\n'))
  expect(await client.closed()).toMatch(/ok.* 200 .*ok$/s)
})

test('a client that goes during that look has nothing sent for it', async () => {
  await using backend = await rawBackend(respondWith(okay))
  await using balancer = await balance([backend.port])
  await using client = await rawClient(balancer.port)
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await client.until(/ok$/)
  const [atBalancer] = balancer.clients()
  balancer.deliver(Buffer.from(request('POST', 'hello')))
  atBalancer?.destroy()
  await eventually(() => backend.open() === 0)
  expect(backend.received.join('')).not.toContain('POST')
  expect(balancer.counts()).toMatchObject({ aborted: 1, inFlight: [0], failed: { 502: 0 } })
})

test('the workers share one retry budget', async () => {
  // Takes ten requests, then closes them all at once: the good backend never responds.
  const held: Socket[] = []
  await using bad = await rawBackend((socket) => {
    if (held.push(socket) === 10) for (const one of held) one.end()
  })
  await using good = await rawBackend(() => undefined)
  await using balancer = await balance([bad.port, good.port], {
    algorithm: 'least-connections',
    workers: 2,
    health: { passive: { failures: 0 } },
    retries: { share: 0, min: 3 },
  })
  const clients = await Promise.all(Array.from({ length: 20 }, () => rawClient(balancer.port)))
  for (const client of clients) {
    const before = balancer.counts().requests
    client.send(request('GET'))
    await eventually(() => balancer.counts().requests > before)
  }
  // Both workers see failures in the same moment, so that each may take the last of the three.
  await eventually(() => balancer.counts().failed[502] + balancer.counts().retried === 10)
  expect(balancer.counts().retried).toBeGreaterThanOrEqual(3)
  expect(balancer.counts().retried).toBeLessThanOrEqual(4)
  for (const client of clients) client.socket.resetAndDestroy()
})
