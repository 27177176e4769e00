import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { checkConfig } from '../../src/balancer/config/config.ts'
import { sharingReads } from '../../src/balancer/downstream/shared-read.ts'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { ownProcess } from '../../src/balancer/supervisor/balancer-host.ts'
import { keepFixed } from '../../src/balancer/supervisor/fixed-settings.ts'
import { startHealth } from '../../src/balancer/supervisor/start-health.ts'
import { allocateShared } from '../../src/balancer/worker/shared-memory.ts'
import { startProxy } from '../../src/balancer/worker/start-proxy.ts'
import { balance, configFor } from './support/balance.ts'

afterEach(() => vi.restoreAllMocks())

/** A backend that keeps its connections, and counts them. */
async function countingBackend() {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}

/** Sends so many requests, one after the other, over one connection. */
async function send(port: number, requests: number): Promise<void> {
  const client = connect(port, '127.0.0.1')
  for (let i = 0; i < requests; i++) {
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    let text = ''
    while (!text.endsWith('ok')) text += String((await once(client, 'data'))[0])
  }
  client.destroy()
}

test.for([
  { pool: 512, connections: 1 },
  { pool: 0, connections: 3 },
])('limits.pool $pool: three requests take $connections backend connections', async (expected) => {
  await using backend = await countingBackend()
  await using balancer = await balance([backend.port], { limits: { pool: expected.pool } })
  await send(balancer.port, 3)
  expect(backend.connections()).toBe(expected.connections)
})

test.for([
  { tcpKeepAlive: true, isProbed: true },
  { tcpKeepAlive: false, isProbed: false },
])('tcpKeepAlive $tcpKeepAlive: probes of clients and backends', async (expected) => {
  const set = vi.spyOn(Socket.prototype, 'setKeepAlive')
  await using backend = await countingBackend()
  await using balancer = await balance([backend.port], { tcpKeepAlive: expected.tcpKeepAlive })
  await send(balancer.port, 1)
  expect(set.mock.calls.length).toBe(expected.isProbed ? 2 : 0)
})

test('limits.readBuffer: no read of a client takes more', async () => {
  const sizes: number[] = []
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  const all = Promise.withResolvers<void>()
  const own = sharingReads(socket, 1024, (bytes) => {
    sizes.push(bytes.length)
    if (sizes.reduce((sum, size) => sum + size, 0) === 5000) all.resolve()
  })
  own?.resume()
  client.write(Buffer.alloc(5000))
  await all.promise
  expect(Math.max(...sizes)).toBe(1024)
  client.destroy()
  own?.destroy()
  server.close()
})

test('backlog and memory: the socket listens with one, the workers run with the other', async () => {
  const listen = vi.fn(ownProcess.listen)
  await using balancer = await startBalancer(
    configFor([1], { backlog: 77, memory: { youngGeneration: 16, oldSpace: 64 } }),
    { host: { ...ownProcess, listen } },
  )
  expect(listen.mock.calls[0]?.[1]).toMatchObject({ backlog: 77 })
  expect(balancer.inForce()).toMatchObject({
    settings: { backlog: 77 },
    workers: [{ youngGeneration: 16, oldSpace: 64 }],
  })
})

test.for([
  { sharedState: true, step: 2 },
  { sharedState: false, step: 1 },
])('sharedState $sharedState: a pick of another worker moves round robin', async (expected) => {
  const { sharedState } = expected
  const settings = checkConfig(configFor([1, 2, 3], { workers: 2, sharedState }))
  const shared = allocateShared(settings)
  await using _health = startHealth(settings, shared)
  const workers = [0, 1].map((worker) => startProxy({ version: 1, settings, shared, worker }))
  const [first, second] = workers.map(
    ({ proxy }) =>
      () =>
        proxy.balancing.backends.claim({ key: '', now: 0, tried: undefined }),
  ) as [() => number, () => number]
  const row = first()
  second()
  expect((first() - row + 3) % 3).toBe(expected.step)
  for (const { close } of workers) close()
})

test.for([
  { shared: true, admitted: [true, false] },
  { shared: false, admitted: [true, true] },
])(
  'rateLimit.shared $shared: a second worker admits the same client: $admitted',
  async (expected) => {
    const rateLimit = { rate: 0.001, burst: 1, shards: 2, shared: expected.shared }
    const settings = checkConfig(configFor([1], { workers: 2, rateLimit }))
    const shared = allocateShared(settings)
    expect(shared.limit?.shards).toBe(expected.shared ? 2 : undefined)
    await using _health = startHealth(settings, shared)
    const workers = [0, 1].map((worker) => startProxy({ version: 1, settings, shared, worker }))
    expect(workers.map(({ proxy }) => proxy.limits.limiter?.admits('127.0.0.1', 0))).toEqual(
      expected.admitted,
    )
    for (const { close } of workers) close()
  },
)

test('the parts of a rate limit are a power of two', () => {
  const withShards = (shards: number) => configFor([1], { rateLimit: { rate: 1, shards } })
  expect(() => checkConfig(withShards(3))).toThrow(/shards.* must be a power of two/)
  expect(checkConfig(withShards(4)).rateLimit?.shards).toBe(4)
})

test('a restart is needed for the backlog and the memory of workers', () => {
  const before = checkConfig(configFor([1]))
  const next = checkConfig(configFor([1], { backlog: 5, memory: { youngGeneration: 9 } }))
  const { settings, needRestart } = keepFixed(before, next)
  expect(needRestart).toEqual(['backlog', 'memory.youngGeneration'])
  expect(settings).toMatchObject({ backlog: 4096, memory: { youngGeneration: 6 } })
})
