import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { balance, configFor, eventually } from './support/balance.ts'
import { nameServer } from './support/name-server.ts'
import { exchange } from './support/raw-client.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

/** A server on one of this host's addresses that responds with that address, and keeps connections. */
async function serverAt(host: string, port = 0) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${host.length}\r\n\r\n${host}`)
    })
  })
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const bodyOf = (response: string) => response.split('\r\n\r\n')[1]

test('requests are served at once by a backend with a known name, while the name server of another is silent', async () => {
  await using server = await nameServer({
    'live.test': { a: ['127.0.0.1'] },
    'dead.test': { fault: 'silent' },
  })
  await using backend = await serverAt('127.0.0.1')
  const backends = ['live.test', 'dead.test'].map((name) => ({
    url: `http://${name}:${backend.port}`,
    weight: 1,
  }))
  const resolver = { servers: [server.address], timeout: 0.3 }
  await using balancer = await balance([], { backends, resolver })
  for (let round = 0; round < 3; round++) {
    const all = await Promise.all(Array.from({ length: 12 }, () => exchange(balancer.port, get)))
    expect(new Set(all.map(bodyOf))).toEqual(new Set(['127.0.0.1']))
  }
  // The addresses of both names were asked for once, with one repetition, and not for each connection.
  expect(server.asked.filter((name) => name === 'live.test')).toHaveLength(2)
  expect(server.asked.length).toBeLessThan(12)
})

test('a name that cannot be looked up ejects nothing, and its reason is replied', async () => {
  await using server = await nameServer({ 'dead.test': { fault: 'silent' } })
  const backends = ['dead.test', 'unknown.test'].map((name) => ({
    url: `http://${name}:80`,
    weight: 1,
  }))
  const resolver = { servers: [server.address], timeout: 0.2 }
  await using balancer = await startBalancer(
    configFor([], { backends, resolver, workers: 1, admin: { port: 0 } }),
  )
  for (let n = 0; n < 12; n++) {
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 50[24] /)
  }
  const response = await fetch(`http://127.0.0.1:${balancer.adminPort}/backends`)
  expect(await response.json()).toMatchObject([{ state: 'up' }, { state: 'up' }])
})

test('an address that refuses is followed by the next one, within one request', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.1', '127.0.0.9'] } })
  await using backend = await serverAt('127.0.0.1')
  const backends = [{ url: `http://a.test:${backend.port}`, weight: 1 }]
  await using balancer = await balance([], { backends, resolver: { servers: [server.address] } })
  for (let n = 0; n < 6; n++) expect(bodyOf(await exchange(balancer.port, get))).toBe('127.0.0.1')
  expect(balancer.counts()).toMatchObject({ retried: 0, failed: { 502: 0 } })
})

test.for(['http', 'https', 'h2c'])(
  'an unknown name of a backend with %s is 502 at once',
  async (scheme) => {
    await using server = await nameServer({})
    const backends = [{ url: `${scheme}://a.test:80`, weight: 1 }]
    await using balancer = await balance([], { backends, resolver: { servers: [server.address] } })
    expect(await exchange(balancer.port, get)).toMatch(/^HTTP\/1\.1 502 /)
  },
)

test('all addresses of a name are used', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.1', '127.0.0.2'] } })
  await using one = await serverAt('127.0.0.1')
  await using two = await serverAt('127.0.0.2', one.port)
  const backends = [{ url: `http://a.test:${one.port}`, weight: 1 }]
  const timeouts = { pool: 0.001 }
  await using balancer = await balance([], {
    backends,
    timeouts,
    resolver: { servers: [server.address] },
  })
  await vi.waitFor(async () => {
    await exchange(balancer.port, get)
    expect([one.sockets.length > 0, two.sockets.length > 0]).toEqual([true, true])
  }, 10_000)
})

test('a backend that moved is followed, and idle connections to its old address are closed', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.1'] } })
  await using old = await serverAt('127.0.0.1')
  await using next = await serverAt('127.0.0.2', old.port)
  const backends = [{ url: `http://a.test:${old.port}`, weight: 1 }]
  const resolver = { servers: [server.address], refresh: 0.05 }
  await using balancer = await balance([], { backends, resolver, timeouts: { pool: 1000 } })
  expect(bodyOf(await exchange(balancer.port, get))).toBe('127.0.0.1')
  server.zones.set('a.test', { a: ['127.0.0.2'] })
  await eventually(() => old.sockets.every((socket) => socket.readableEnded || socket.destroyed))
  expect(bodyOf(await exchange(balancer.port, get))).toBe('127.0.0.2')
  expect(next.sockets).toHaveLength(1)
})

test('a connection that is in use when its backend moves is not used again', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.1'] } })
  let respond: (() => void) | undefined
  const held = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => {
      const write = () => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold')
      if (respond === undefined) respond = write
      else write()
    })
  })
  held.listen(0, '127.0.0.1')
  await once(held, 'listening')
  const { port } = held.address() as AddressInfo
  await using _ = await serverAt('127.0.0.2', port)
  const backends = [{ url: `http://a.test:${port}`, weight: 1 }]
  const resolver = { servers: [server.address], refresh: 0.05 }
  await using balancer = await balance([], { backends, resolver, timeouts: { pool: 1000 } })
  const first = exchange(balancer.port, get)
  await eventually(() => respond !== undefined)
  server.zones.set('a.test', { a: ['127.0.0.2'] })
  await eventually(async () => bodyOf(await exchange(balancer.port, get)) === '127.0.0.2')
  respond?.()
  expect(bodyOf(await first)).toBe('old')
  for (let n = 0; n < 3; n++) expect(bodyOf(await exchange(balancer.port, get))).toBe('127.0.0.2')
  held.close()
})

test('health checks look names up in the same way', async () => {
  await using server = await nameServer({ 'a.test': { a: ['127.0.0.1'] } })
  await using backend = await serverAt('127.0.0.1')
  const backends = [
    { url: `http://a.test:${backend.port}`, weight: 1 },
    { url: 'http://unknown.test:80', weight: 1 },
  ]
  await using balancer = await startBalancer(
    configFor([], {
      backends,
      resolver: { servers: [server.address] },
      workers: 1,
      admin: { port: 0 },
      health: { active: { interval: 0.1, timeout: 0.1, fall: 1, rise: 1 } },
    }),
  )
  await vi.waitFor(async () => {
    const response = await fetch(`http://127.0.0.1:${balancer.adminPort}/backends`)
    expect(await response.json()).toMatchObject([{ state: 'up' }, { state: 'down' }])
  }, 10_000)
})
