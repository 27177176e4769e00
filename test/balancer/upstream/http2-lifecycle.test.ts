import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { healthSettings } from '../../../src/balancer/config/health-settings.ts'
import { prober } from '../../../src/balancer/health/probe.ts'
import { startBalancer } from '../../../src/balancer/supervisor/balancer.ts'
import { balance, configFor, eventually } from '../support/balance.ts'
import { certificateOf, privateKey } from '../support/certificates.ts'
import { h2Backend } from '../support/h2-backend.ts'
import { exchange, rawClient } from '../support/raw-client.ts'
import { recordingBackend } from '../support/recording-backend.ts'
import { testNames } from '../support/test-names.ts'

const ca = readFileSync(certificateOf('ca'), 'latin1')
const get = 'GET / HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'
const { signal } = new AbortController()

test('a protocol is changed on a connection of its own, beside the session', async () => {
  const cert = readFileSync(certificateOf('backend'))
  const sockets = new Set<Socket>()
  const protocols: unknown[] = []
  const server = createSecureServer({ key: privateKey, cert, allowHTTP1: true })
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('secureConnection', ({ alpnProtocol }) => protocols.push(alpnProtocol))
  server.on('request', (_, response) => void response.end('ok'))
  server.on('upgrade', (request, socket: Socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n')
    socket.write(`Upgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nearly `)
    socket.on('data', (data) => socket.end(`heard ${data}`))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  {
    await using balancer = await balance([], {
      backends: [{ url: `https://127.0.0.1:${port}`, weight: 1 }],
      backendTls: { ca: certificateOf('ca') },
    })
    expect(await exchange(balancer.port, get)).toMatch(/ok\r\n0\r\n\r\n$/)
    await using client = await rawClient(balancer.port)
    client.send('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n')
    client.send('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
    expect(await client.until(/early $/)).toMatch(/^HTTP\/1\.1 101 /)
    client.send('this')
    expect(await client.closed()).toMatch(/early heard this$/)
    expect(protocols).toEqual(['h2', 'http/1.1'])
    await eventually(() => balancer.counts().inFlight[0] === 0)
  }
  server.close()
  for (const socket of sockets) socket.destroy()
})

test.for([1, 2])(
  'aborting a hundred downloads leaves no stream, with %i workers',
  async (workers) => {
    // Or the backend refuses what it would have to keep.
    const more = { maxSessionMemory: 1000 }
    await using backend = await h2Backend(({ stream }) => {
      stream.respond({ ':status': 200 })
      stream.write(Buffer.alloc(1_000_000))
    }, more)
    const backends = [{ url: backend.url, weight: 1 }]
    await using balancer = await balance([], { workers, backends })
    const clients = await Promise.all(Array.from({ length: 100 }, () => rawClient(balancer.port)))
    for (const client of clients) client.send(get)
    await Promise.all(clients.map((client) => client.until(/200 .*\r\n\r\n/s)))
    expect(balancer.counts().inFlight).toEqual([100])
    for (const client of clients) client.socket.destroy()
    await eventually(() => balancer.counts().inFlight[0] === 0)
    await eventually(() => backend.asked.every(({ stream }) => stream.destroyed))
    expect(balancer.counts()).toMatchObject({ requests: 100, answered: 0, aborted: 100 })
    expect(backend.sessions).toHaveLength(workers)
  },
)

/** The responses of a check, asked twice. */
async function checked(url: string, tls: Parameters<typeof prober>[1]) {
  const settings = healthSettings.parse({ active: { path: '/ready', timeout: 2 } }).active
  const made = prober(settings as NonNullable<typeof settings>, tls, testNames())
  try {
    return [await made.probe(url, signal), await made.probe(url, signal)]
  } finally {
    await made.close()
  }
}

test.for([undefined, 'backend'] as const)(
  'checks are made in HTTP/2, each on a connection of its own, with certificate %s',
  async (cert) => {
    await using backend = await h2Backend(({ stream, headers }) => {
      stream.respond({ ':status': headers[':path'] === '/ready' ? 200 : 404 })
      stream.write('and more to come')
    }, cert && { cert })
    const results = await checked(backend.url, { verify: true, ca })
    expect(results).toEqual([{ passed: true }, { passed: true }])
    expect(backend.sessions).toHaveLength(2)
    await eventually(() => backend.sessions.every(({ destroyed }) => destroyed))
  },
)

test('checks look at certificates, and speak HTTP/1.1 to who knows no other', async () => {
  await using backend = await recordingBackend(undefined, { cert: 'backend' })
  const url = `https://127.0.0.1:${backend.port}`
  expect(await checked(url, { verify: true, ca })).toEqual([{ passed: true }, { passed: true }])
  const [refused] = await checked(url, { verify: true })
  expect(refused).toMatchObject({ passed: false, reason: expect.stringMatching(/certificate/) })
  expect(backend.requests).toHaveLength(2)
})

test('a balancer that is stopped lets streams end, and leaves no session behind', async () => {
  await using backend = await h2Backend(({ stream, headers }) => {
    stream.respond({ ':status': 200 })
    stream.write('some ')
    if (headers[':path'] === '/') stream.end('ok')
  })
  const config = configFor([], { workers: 2, backends: [{ url: backend.url, weight: 1 }] })
  const started = { ...config, timeouts: { ...config.timeouts, drain: 3600 } }
  await using balancer = await startBalancer(started)
  await using client = await rawClient(balancer.port)
  client.send(get.replace('/', '/slow'))
  await client.until(/some /)
  expect(await exchange(balancer.port, get)).toMatch(/ok\r\n0\r\n\r\n$/)
  const stopped = balancer.stop()
  backend.asked[0]?.stream.end('ok')
  expect(await client.closed()).toMatch(/2\r\nok\r\n0\r\n\r\n$/)
  await stopped
  await eventually(() => backend.sessions.every(({ destroyed }) => destroyed))
})

test('streams to a backend that is removed end as they would have', async () => {
  await using backend = await h2Backend(({ stream }) => {
    stream.respond({ ':status': 200 })
    stream.write('some ')
  })
  await using other = await recordingBackend()
  const token = 'secret-of-these-tests'
  await using balancer = await startBalancer(
    configFor([other.port], {
      backends: [
        { url: backend.url, weight: 1 },
        { url: `http://127.0.0.1:${other.port}`, weight: 1 },
      ],
      admin: { port: 0, token },
    }),
  )
  await using client = await rawClient(balancer.port)
  client.send(get)
  await client.until(/some /)
  const removed = await fetch(
    `http://127.0.0.1:${balancer.adminPort}/backends/127.0.0.1:${backend.port}`,
    { method: 'DELETE', headers: { authorization: `Bearer ${token}` } },
  )
  expect(removed.ok).toBe(true)
  // It is seen with the next request.
  expect(await exchange(balancer.port, get)).toMatch(/ok$/)
  backend.asked[0]?.stream.end('ok')
  expect(await client.closed()).toMatch(/2\r\nok\r\n0\r\n\r\n$/)
  await eventually(() => backend.sessions.every(({ destroyed }) => destroyed))
})

test('a session without a request is shown as an idle connection, and one with a request is not', async () => {
  await using backend = await h2Backend(({ stream, headers }) => {
    if (headers[':path'] === '/wait') return
    stream.respond({ ':status': 200 }, { endStream: true })
  })
  const backends = [{ url: backend.url, weight: 1 }]
  await using balancer = await startBalancer(configFor([], { backends, admin: { port: 0 } }))
  const idle = async () => {
    const metrics = await fetch(`http://127.0.0.1:${balancer.adminPort}/metrics`)
    return /^lb_backend_idle_connections\{.*\} (\d+)$/m.exec(await metrics.text())?.[1]
  }
  await exchange(balancer.port, get)
  await eventually(async () => (await idle()) === '1')
  await using client = await rawClient(balancer.port)
  client.send(get.replace('/', '/wait'))
  await eventually(async () => (await idle()) === '0')
})
