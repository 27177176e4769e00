import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import type { BalancerConfig } from '../../src/balancer/config/config.ts'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { configFor, eventually } from './support/balance.ts'
import { certificateOf, privateKeyFile } from './support/certificates.ts'
import { httpBackend } from './support/http-backend.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange, rawClient } from './support/raw-client.ts'
import { steadyLoad } from './support/steady-load.ts'

const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\n\r\n'
const closing = get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
const respondingBackend = () => httpBackend((_request, response) => response.end('ok'))

test.for([1, 2])('20 reloads under load fail no request, %i workers', async (workers) => {
  await using a = await respondingBackend()
  await using b = await respondingBackend()
  await using c = await respondingBackend()
  const common = { workers, admin: { port: 0 } }
  const configs: readonly BalancerConfig[] = [
    configFor([a.port, b.port], common),
    configFor([c.port, a.port], { ...common, algorithm: 'least-connections' }),
    configFor([a.port, b.port, c.port], {
      ...common,
      rateLimit: { rate: 1e6 },
      limits: { fields: 50, headBytes: 4096 },
    }),
    configFor([b.port], {
      ...common,
      health: { active: { interval: 5, timeout: 5 } },
      timeouts: { idle: 3 },
    }),
  ]
  await using balancer = await startBalancer(configs[0])
  const load = steadyLoad(balancer.port, 24)
  for (let turn = 1; turn <= 20; turn++) {
    const answered = load.answered()
    const config = configs[turn % configs.length]
    expect(await balancer.reload(() => config)).toEqual({ changed: true, needRestart: [] })
    await eventually(() => load.answered() > answered + 40)
  }
  const outcomes = await load.stop()
  expect(Object.keys(outcomes)).toEqual(['200'])
  // A client has its response a moment before the worker has counted it.
  await eventually(() => balancer.counts().answered === outcomes[200])
  expect(balancer.counts()).toMatchObject({
    requests: outcomes[200],
    failed: { 502: 0, 503: 0, 504: 0 },
    aborted: 0,
    inFlight: [0, 0],
  })
})

test('a connection takes the new backends with its next request, and its response in progress ends', async () => {
  await using slow = await rawBackend(() => undefined)
  await using next = await respondingBackend()
  await using balancer = await startBalancer(configFor([slow.port], { workers: 1 }))
  await using client = await rawClient(balancer.port)
  await using idle = await rawClient(balancer.port)
  client.send(get)
  await slow.until(/\r\n\r\n/)
  await balancer.reload(() => configFor([next.port], { workers: 1 }))
  expect(balancer.counts().inFlight).toEqual([0])
  slow.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold')
  await client.until(/old$/)
  client.send(get)
  await client.until(/ok$/)
  idle.send(get)
  await idle.until(/ok$/)
  await eventually(() => balancer.counts().answered === 3)
  expect(balancer.counts()).toMatchObject({ requests: 3, perBackend: [2], aborted: 0 })
})

test.for([1, 2])('requests in flight count after a reload, %i workers', async (workers) => {
  await using busy = await rawBackend(() => undefined)
  await using free = await respondingBackend()
  await using gone = await rawBackend(() => undefined)
  const common = { workers, admin: { port: 0 }, algorithm: 'least-connections' }
  await using balancer = await startBalancer(configFor([gone.port, busy.port], common))
  const clients = await Promise.all([rawClient(balancer.port), rawClient(balancer.port)])
  for (const client of clients) client.send(get)
  await Promise.all([gone.until(/\r\n\r\n/), busy.until(/\r\n\r\n/)])
  // Twice, since the second reload moves what the first one has moved.
  await balancer.reload(() => configFor([busy.port, gone.port], common))
  await balancer.reload(() => configFor([free.port, busy.port], common))
  expect(balancer.counts().inFlight).toEqual([0, 1])
  const listed = async () => {
    const response = await fetch(`http://127.0.0.1:${balancer.adminPort}/backends`)
    return (await response.json()) as { id: string; state: string; inFlight: number }[]
  }
  expect(await listed()).toMatchObject([
    { id: `127.0.0.1:${free.port}`, state: 'up', inFlight: 0 },
    { id: `127.0.0.1:${busy.port}`, state: 'up', inFlight: 1 },
    { id: `127.0.0.1:${gone.port}`, state: 'leaving', inFlight: 1, requests: 1 },
  ])
  // The backend with a request in flight gets none of these.
  for (let n = 0; n < 4; n++) expect(await exchange(balancer.port, closing)).toMatch(/ok$/)
  const response = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
  for (const { sockets } of [busy, gone]) sockets[0]?.write(response)
  for (const client of clients) await client.until(/ok$/)
  await eventually(async () => (await listed()).length === 2)
  expect(balancer.counts()).toMatchObject({ requests: 6, answered: 6, inFlight: [0, 0] })
  for (const client of clients) await client[Symbol.asyncDispose]()
})

test.for(['http', 'https'])(
  'a response in progress goes on at its own pace after a reload, over %s',
  async (scheme) => {
    const bytes = 8_000_000
    await using backend = await rawBackend((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`)
      socket.end(Buffer.alloc(bytes))
    })
    const tls = { certificate: certificateOf('backend'), key: privateKeyFile }
    const config = (connections: number) =>
      configFor([backend.port], {
        workers: 1,
        timeouts: { idle: 2, keepAlive: 0.1, linger: 0.1 },
        limits: { connections },
        ...(scheme === 'https' && { tls }),
      })
    await using balancer = await startBalancer(config(100))
    const address = { port: balancer.port, host: '127.0.0.1', rejectUnauthorized: false }
    const client = scheme === 'https' ? connectTls(address) : connect(address)
    client.write(closing)
    await backend.until(/\r\n\r\n/)
    await balancer.reload(() => config(101))
    await new Promise((resolve) => setTimeout(resolve, 500))
    let read = 0
    for await (const chunk of client) read += (chunk as Buffer).length
    expect(read).toBeGreaterThan(bytes)
    expect(balancer.counts()).toMatchObject({ answered: 1, aborted: 0 })
  },
)

test('a configuration that cannot be used changes nothing', async () => {
  await using a = await respondingBackend()
  await using balancer = await startBalancer(configFor([a.port], { workers: 1 }))
  const invalid = configFor([a.port], { workers: 1, algorithm: 'none-such' })
  await expect(balancer.reload(() => invalid)).rejects.toThrow(/unknown algorithm/)
  const unwritable = configFor([1], { workers: 1, accessLog: '/nowhere/log' })
  await expect(balancer.reload(() => unwritable)).rejects.toThrow(/cannot write/)
  expect(
    await exchange(balancer.port, get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')),
  ).toMatch(/ok$/)
})

test('settings that need a restart are named, and stay', async () => {
  await using a = await respondingBackend()
  await using balancer = await startBalancer(configFor([a.port], { workers: 1 }))
  const other = configFor([a.port], { workers: 2, port: 1, host: '::1', admin: { port: 0 } })
  expect(await balancer.reload(() => other)).toEqual({
    changed: false,
    needRestart: ['host', 'port', 'workers', 'admin'],
  })
  expect(balancer.counts().perWorker).toHaveLength(1)
})

test('backends that stay keep their health, and the admin port counts reloads', async () => {
  await using a = await respondingBackend()
  await using b = await respondingBackend()
  const token = 'a-token-for-these-tests'
  const config = configFor([a.port, b.port], { workers: 1, admin: { port: 0, token } })
  await using balancer = await startBalancer(config)
  const url = `http://127.0.0.1:${balancer.adminPort}`
  await fetch(`${url}/backends/127.0.0.1:${b.port}/drain`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  // The same settings, whether or not fields are undefined: changes of the admin port stay, too.
  const same = { ...config, tls: undefined, accessLog: undefined }
  expect(await balancer.reload(() => same)).toMatchObject({ changed: false })
  await balancer.reload(() => ({ ...config, via: 'edge' }))
  await expect(balancer.reload(() => 5)).rejects.toThrow()
  const backends = (await (await fetch(`${url}/backends`)).json()) as { state: string }[]
  expect(backends.map(({ state }) => state)).toEqual(['up', 'drained'])
  const text = await (await fetch(`${url}/metrics`)).text()
  expect(text).toContain('lb_config_reloads_total{result="applied"} 2')
  expect(text).toContain('lb_config_reloads_total{result="rejected"} 1')
  expect(text).toContain('lb_config_last_reload_successful 0')
  const health = await (await fetch(`${url}/healthz`)).json()
  expect(health).toMatchObject({
    configuration: {
      loaded: expect.any(String),
      failure: expect.stringContaining('configuration'),
    },
  })
})

test('a worker that dies after a reload is replaced with the new configuration', async () => {
  await using a = await respondingBackend()
  await using b = await respondingBackend()
  await using balancer = await startBalancer(configFor([a.port], { workers: 1 }))
  await balancer.reload(() => configFor([b.port], { workers: 1 }))
  balancer.kill(0)
  const close = get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
  expect(await exchange(balancer.port, close)).toMatch(/ok$/)
  await eventually(() => balancer.counts().perBackend[0] === 1)
})

test('a stop while a configuration is applied ends the balancer', async () => {
  await using a = await respondingBackend()
  const checks = { active: { interval: 5, timeout: 5 } }
  const balancer = await startBalancer(configFor([a.port], { workers: 1 }))
  const late = balancer.reload(() => configFor([a.port], { workers: 1, health: checks }))
  const later = balancer.reload(() => configFor([a.port], { workers: 1 }))
  await balancer.stop()
  const nothing = { changed: false, needRestart: [] }
  expect(await Promise.all([late, later])).toEqual([nothing, nothing])
})
