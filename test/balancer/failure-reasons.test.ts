import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { expect, test, vi } from 'vitest'
import type { FailureReason } from '../../src/balancer/shared/failure-reasons.ts'
import { startBalancer } from '../../src/balancer/supervisor/balancer.ts'
import { balance, closedPort, configFor, type Overrides } from './support/balance.ts'
import { certificateOf, privateKey } from './support/certificates.ts'
import { rawBackend } from './support/raw-backend.ts'
import { exchange } from './support/raw-client.ts'

const get = 'GET /page HTTP/1.1\r\nHost: lb.test\r\nConnection: close\r\n\r\n'

/** The log's line of the last request, sent as `request` to a balancer of these backends `times` times. */
async function logged(ports: readonly number[], overrides: Overrides, request = get, times = 1) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const accessLog = join(folder.path, 'access.log')
  let response = ''
  {
    await using balancer = await balance(ports, { accessLog, ...overrides })
    for (let n = 0; n < times; n++) response = await exchange(balancer.port, request)
  }
  const line = readFileSync(accessLog, 'utf8').trim().split('\n').at(-1) as string
  return { response, ...JSON.parse(line) }
}

test.for([
  ['connection-refused', 502, undefined],
  ['closed-before-response', 502, (socket) => void socket.end()],
  ['reset-before-response', 502, (socket) => void socket.resetAndDestroy()],
  ['response-malformed', 502, (socket) => void socket.write('GARBAGE\r\n\r\n')],
  [
    'response-head-too-large',
    502,
    (socket) => void socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
  ],
  [
    'response-body-malformed',
    502,
    (socket) => void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
  ],
  [
    'upgrade-failed',
    502,
    (socket) => void socket.write('HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
  ],
  ['response-timeout', 504, () => undefined],
] as const satisfies readonly (readonly [
  FailureReason,
  number,
  ((socket: Socket) => void) | undefined,
])[])('the log has the reason %s of a %s', async ([reason, status, act]) => {
  await using backend = await rawBackend((socket) => act?.(socket))
  const port = act === undefined ? await closedPort() : backend.port
  const line = await logged([port], { timeouts: { firstByte: 0.2 } })
  expect(line).toMatchObject({ status, reason, backend: '', target: '/page' })
  expect(line.response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
})

test('a request that succeeds at another backend has the reason of the attempt that failed', async () => {
  await using good = await rawBackend((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'))
  const line = await logged([await closedPort(), good.port], {})
  expect(line).toMatchObject({ status: 204, tries: 2, reason: 'connection-refused' })
})

test('a request without failure has no reason', async () => {
  await using good = await rawBackend((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'))
  expect(await logged([good.port], {})).not.toHaveProperty('reason')
})

test('a certificate that nobody trusts is named as the reason', async () => {
  const cert = readFileSync(certificateOf('backend'))
  await using server = createServer({ cert, key: privateKey }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const backends = [{ url: `https://127.0.0.1:${port}`, weight: 1 }]
  expect(await logged([], { backends })).toMatchObject({ status: 502, reason: 'tls-untrusted' })
})

test('a backend that does not speak TLS fails the handshake', async () => {
  await using backend = await rawBackend((socket) => void socket.write('HTTP/1.1 400 No\r\n\r\n'))
  const backends = [{ url: `https://127.0.0.1:${backend.port}`, weight: 1 }]
  expect(await logged([], { backends })).toMatchObject({ status: 502, reason: 'tls-handshake' })
})

test.for([
  ['rate-limited', 429, get, { rateLimit: { rate: 0.001, burst: 1 } }],
  [
    'not-implemented',
    501,
    get.replace('Host', 'Max-Forwards: 0\r\nHost').replace('GET', 'TRACE'),
    {},
  ],
  [
    'request-body-malformed',
    400,
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    {},
  ],
] as const)('a local reply has the reason %s', async ([reason, status, request, overrides]) => {
  await using backend = await rawBackend(() => undefined)
  const settings = { timeouts: { firstByte: 0.2 }, ...overrides }
  const times = reason === 'rate-limited' ? 2 : 1
  const line = await logged([backend.port], settings, request, times)
  expect(line).toMatchObject({ status, reason, backend: '' })
})

test('a page that is 503 by itself ejects no backend, however often it is requested', async () => {
  const page = 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n'
  const fine = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
  const respond = (socket: Socket, text: string) =>
    void socket.write(text.includes('/maintenance') ? page : fine)
  await using one = await rawBackend(respond)
  await using two = await rawBackend(respond)
  await using balancer = await balance([one.port, two.port])
  for (let n = 0; n < 20; n++) {
    await exchange(balancer.port, get.replace('/page', '/maintenance'))
  }
  await exchange(balancer.port, get)
  await exchange(balancer.port, get)
  expect(balancer.counts().perBackend).toEqual([11, 11])
})

test('the admin port and standard error say why a backend fails', async () => {
  await using backend = await rawBackend((socket) => void socket.write('GARBAGE\r\n\r\n'))
  const dead = await closedPort()
  const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await using balancer = await startBalancer(
    configFor([backend.port, dead], { workers: 1, admin: { port: 0 } }),
  )
  for (let n = 0; n < 4; n++) await exchange(balancer.port, get)
  const written = () => errors.mock.calls.map(([text]) => `${text}`).join('')
  await vi.waitFor(() => {
    expect(written()).toContain(`backend 127.0.0.1:${dead} fails: connection-refused: connect`)
    expect(written()).toContain(`backend 127.0.0.1:${backend.port} fails: response-malformed: `)
  })
  expect(written().match(/ fails: /g)).toHaveLength(2)
  errors.mockRestore()
  const read = async (path: string) =>
    (await fetch(`http://127.0.0.1:${balancer.adminPort}${path}`)).text()
  const time = expect.stringMatching(/^20\d\d-.*Z$/)
  const meaning = expect.stringMatching(/\w/)
  expect(JSON.parse(await read('/backends'))).toMatchObject([
    { lastFailure: { reason: 'response-malformed', time, meaning } },
    { lastFailure: { reason: 'connection-refused', time, meaning } },
  ])
  const metrics = await read('/metrics')
  expect(metrics).toMatch(/^lb_local_replies_total\{reason="response-malformed"\} [1-4]$/m)
  expect(metrics).toMatch(/^lb_local_replies_total\{reason="connect-timeout"\} 0$/m)
  expect(metrics).toContain(
    `lb_backend_failure_reasons_total{backend="127.0.0.1:${dead}",reason="connection-refused"}`,
  )
})

test('where it is set, local replies have a Proxy-Status field', async () => {
  await using balancer = await balance([await closedPort()], { proxyStatus: true, via: 'edge' })
  const failed = await exchange(balancer.port, get)
  expect(failed).toContain(
    '\r\nProxy-Status: edge; error=connection_refused; details="connection-refused"\r\n',
  )
  expect(await exchange(balancer.port, 'NONSENSE\r\n\r\n')).toContain(
    '\r\nProxy-Status: edge; error=http_request_error; details="request-malformed"\r\n',
  )
})

test('by default they have none', async () => {
  await using balancer = await balance([await closedPort()])
  expect(await exchange(balancer.port, get)).not.toMatch(/proxy-status/i)
})

test('what is no request has a line in the log, with its reason', async () => {
  const line = await logged([1], {}, 'NONSENSE\r\n\r\n')
  expect(line).toMatchObject({ status: 400, reason: 'request-malformed', method: '', target: '' })
})
