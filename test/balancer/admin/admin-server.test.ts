import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openAdmin } from '../../../src/balancer/admin/admin-server.ts'
import { maxBodyBytes } from '../../../src/balancer/admin/read-body.ts'
import type { Snapshot } from '../../../src/balancer/admin/snapshot.ts'
import { adminSettings } from '../../../src/balancer/config/admin-settings.ts'
import { newProfiler } from '../../../src/balancer/profiling/profiler.ts'
import { UsageError } from '../../../src/kit/errors.ts'
import { healthFixture } from '../support/health-fixture.ts'
import { backendSnapshot, snapshot } from '../support/snapshot.ts'

const token = 'let-me-change-it'
const profiler = newProfiler(() => [])
const bearer = { authorization: `Bearer ${token}` }

/** An admin port for two idle backends; `state` replaces parts of the snapshot. */
async function admin({ state = {} }: { readonly state?: Partial<Snapshot> } = {}) {
  const fixture = healthFixture({ weights: [1, 1], spare: 1 })
  const backends = () =>
    fixture
      .eligible()
      .map((row) => backendSnapshot(`b${row}:80`, { row, weight: fixture.table.weight[row] ?? 0 }))
  let snapshots = 0
  const server = await openAdmin(() => adminSettings.parse({ port: 0, token }), {
    snapshot() {
      snapshots++
      return snapshot({ backends: backends(), ...state })
    },
    changes: () => fixture.changes,
    profiler,
  })
  const send = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init)
    const body = await response.text()
    const type = response.headers.get('content-type')
    return {
      status: response.status,
      headers: response.headers,
      body: type === 'application/json' && body !== '' ? JSON.parse(body) : body,
    }
  }
  return {
    fixture,
    /** How often the state was read. */
    snapshots: () => snapshots,
    send,
    port: server.port,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const put = (body: unknown): RequestInit => ({
  method: 'PUT',
  headers: bearer,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const post = (body?: unknown): RequestInit => ({ ...put(body ?? ''), method: 'POST' })

test('it listens on loopback by default', () => {
  expect(adminSettings.parse({ port: 0 }).host).toBe('127.0.0.1')
})

test('/healthz returns 200 while the balancer runs, 503 while it drains', async () => {
  await using a = await admin()
  expect(await a.send('/healthz')).toMatchObject({
    status: 200,
    body: { status: 'ok', healthy: 2, backends: 2 },
  })
  await using draining = await admin({ state: { draining: true } })
  expect(await draining.send('/healthz')).toMatchObject({
    status: 503,
    body: { status: 'draining' },
  })
})

test('/steps returns where the time went, where steps are timed', async () => {
  const steps = [[[9, 8, 0, 2, 0, 0, 0, 4, 0, 0]]]
  await using timed = await admin({ state: { steps } })
  expect(await timed.send('/steps')).toMatchObject({
    status: 200,
    body: { requests: 8, mean: { pick: 0.25, backend: 0.5, client: 0 }, p99: { backend: 0.5 } },
  })
  await using idle = await admin({ state: { steps: [[]] } })
  expect((await idle.send('/steps')).body).toEqual({ requests: 0 })
  await using other = await admin()
  expect(await other.send('/steps')).toMatchObject({
    status: 404,
    body: { error: 'the steps of requests are not timed' },
  })
})

test('/backends shows each backend, with its responses by status class', async () => {
  const state = {
    backends: [backendSnapshot('a:1', { responses: [0, 7, 0, 1, 0], reason: 'because' })],
  }
  await using a = await admin({ state })
  const { status, body } = await a.send('/backends?verbose')
  expect(status).toBe(200)
  expect(body).toEqual([
    {
      id: 'a:1',
      url: 'http://a:1',
      weight: 1,
      backup: false,
      effectiveWeight: 1,
      state: 'up',
      reason: 'because',
      inFlight: 0,
      ejections: 0,
      failures: 0,
      failuresBy: {},
      idle: 0,
      requests: 0,
      responses: { '1xx': 0, '2xx': 7, '3xx': 0, '4xx': 1, '5xx': 0 },
    },
  ])
})

test('/metrics is in the Prometheus text format', async () => {
  await using a = await admin({ state: { retries: 3 } })
  const { status, headers, body } = await a.send('/metrics')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(body).toContain('\nlb_retries_total 3\n')
})

test('HEAD gets the head of the GET response', async () => {
  await using a = await admin()
  const { status, headers, body } = await a.send('/backends', { method: 'HEAD' })
  expect(status).toBe(200)
  expect(Number(headers.get('content-length'))).toBeGreaterThan(10)
  expect(body).toBe('')
})

test('a backend can be reweighted, drained, undrained, added and removed', async () => {
  await using a = await admin()
  expect(await a.send('/backends/b0:80/weight', put({ weight: 7 }))).toMatchObject({
    status: 200,
    body: { id: 'b0:80', weight: 7 },
  })
  await a.send('/backends/b0%3A80/drain', post())
  expect(a.fixture.eligible()).toEqual([1])
  expect(await a.send('/backends/b0:80/undrain', post())).toMatchObject({ status: 200 })
  expect(a.fixture.eligible()).toEqual([0, 1])
  expect(await a.send('/backends', post({ url: 'http://b2:80', weight: 3 }))).toMatchObject({
    status: 201,
    body: { id: 'b2:80', weight: 3 },
  })
  expect([...a.fixture.table.weight]).toEqual([7, 1, 3])
  expect(await a.send('/backends/b2:80', { method: 'DELETE', headers: bearer })).toMatchObject({
    status: 200,
    body: { id: 'b2:80', state: 'leaving' },
  })
  expect(a.fixture.eligible()).toEqual([0, 1])
})

test.for([
  ['no token', undefined, 'Bearer'],
  ['another token', 'Bearer not-the-right-one', 'Bearer error="invalid_token"'],
  ['the start of the token', `Bearer ${token.slice(0, -1)}`, 'Bearer error="invalid_token"'],
  ['the token and more', `Bearer ${token}x`, 'Bearer error="invalid_token"'],
  ['another scheme', `Basic ${token}`, 'Bearer'],
] as const)('a change with %s is rejected with 401', async ([_, authorization, challenge]) => {
  await using a = await admin()
  const headers = authorization === undefined ? {} : { authorization }
  const {
    status,
    body,
    headers: got,
  } = await a.send('/backends/b0:80/drain', {
    method: 'POST',
    headers,
  })
  expect(status).toBe(401)
  expect(got.get('www-authenticate')).toBe(challenge)
  expect(body.error).not.toContain(token)
  expect(a.fixture.eligible()).toEqual([0, 1])
})

test('without a configured token all changes are rejected with 403', async () => {
  const fixture = healthFixture({ weights: [1] })
  await using server = await openAdmin(() => adminSettings.parse({ port: 0 }), {
    snapshot,
    changes: () => fixture.changes,
    profiler,
  })
  const url = `http://127.0.0.1:${server.port}/backends`
  const headers = { authorization: 'Bearer undefined' }
  expect((await fetch(`${url}/b0:80/drain`, { method: 'POST', headers })).status).toBe(403)
  expect((await fetch(url)).status).toBe(200)
  expect(fixture.eligible()).toEqual([0])
})

test.for([
  ['/backends/b0:80/weight', put({ weight: -1 }), 400, /^weight: /],
  ['/backends/b0:80/weight', put({ weight: 1.5 }), 400, /^weight: /],
  ['/backends/b0:80/weight', put({ weight: 1e9 }), 400, /^weight: /],
  ['/backends/b0:80/weight', put({ weight: 1, colour: 'red' }), 400, /colour/],
  ['/backends/b0:80/weight', put([]), 400, /^the body: /],
  ['/backends/b0:80/weight', put('{"weight": 1'), 400, /not JSON/],
  ['/backends/b9:80/weight', put({ weight: 1 }), 404, /no backend "b9:80"/],
  ['/backends/%/weight', put({ weight: 1 }), 400, /not a valid backend name/],
  ['/backends', post({ url: 'http://b0:80' }), 409, /b0:80 is already a backend/],
  ['/backends', post({ url: 'gopher://b3:80' }), 400, /not a backend address/],
  ['/backends', post({ weight: 3 }), 400, /^url: /],
  ['/backends/b9:80', { method: 'DELETE', headers: bearer }, 404, /no backend/],
  ['/nothing', {}, 404, /unknown path \/nothing/],
  ['/healthz', { method: 'POST' }, 405, /does not support POST/],
  ['/backends/b0:80/weight', {}, 405, /does not support GET/],
] as const)(
  '%s %o is rejected with one line that gives the reason: %i',
  async ([path, init, status, error]) => {
    await using a = await admin()
    const response = await a.send(path, init)
    expect(response.status).toBe(status)
    expect(Object.keys(response.body)).toEqual(['error', 'hint'])
    expect(response.body.error).toMatch(error)
    expect(response.body.error).not.toContain('\n')
    expect([...a.fixture.table.weight]).toEqual([1, 1, 0])
  },
)

test('405 lists the supported methods in Allow', async () => {
  await using a = await admin()
  const { headers } = await a.send('/backends', { method: 'DELETE', headers: bearer })
  expect(headers.get('allow')).toBe('GET, POST')
})

test('a body over the limit gets 413, and the connection is closed', async () => {
  await using a = await admin()
  const { status, headers } = await a.send('/backends', post({ url: 'x'.repeat(maxBodyBytes) }))
  expect(status).toBe(413)
  expect(headers.get('connection')).toBe('close')
})

test('input that is not HTTP gets 400, and the connection is closed', async () => {
  await using a = await admin()
  const socket = connect(a.port, '127.0.0.1')
  socket.end('GARBAGE\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
})

test('an unexpected error is a 500, and the port stays open', async () => {
  const fixture = healthFixture({ weights: [1] })
  await using server = await openAdmin(() => adminSettings.parse({ port: 0 }), {
    snapshot: () => {
      throw new TypeError('x is undefined')
    },
    changes: () => fixture.changes,
    profiler,
  })
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${server.port}${path}`)).status
  expect([await get('/backends'), await get('/metrics'), await get('/metrics')]).toEqual([
    500, 500, 500,
  ])
})

test('a port in use is a usage error', async () => {
  await using a = await admin()
  const again = openAdmin(() => adminSettings.parse({ port: a.port }), {
    snapshot,
    changes: () => a.fixture.changes,
    profiler,
  })
  await expect(again).rejects.toThrow(UsageError)
  await expect(again).rejects.toThrow(
    /the admin port cannot listen on 127\.0\.0\.1:\d+: the port is in use/,
  )
})

test('a token that is too short or cannot be sent in a header is rejected', () => {
  expect(adminSettings.safeParse({ port: 0, token: 'short' }).success).toBe(false)
  expect(adminSettings.safeParse({ port: 0, token: 'has a space in it, sorry' }).success).toBe(
    false,
  )
  expect(adminSettings.safeParse({ port: 0, token }).success).toBe(true)
})

test('requests that come in one piece are served in order, one after the other', async () => {
  await using a = await admin()
  const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`
  const body = JSON.stringify({ weight: 9 })
  const change = `PUT /backends/b1:80/weight HTTP/1.1\r\nHost: a\r\nAuthorization: ${bearer.authorization}\r\n`
  const socket = connect(a.port, '127.0.0.1')
  socket.write(
    get('/metrics').repeat(4) +
      `${change}Content-Length: ${body.length}\r\n\r\n${body}` +
      get('/backends') +
      `${change}Transfer-Encoding: chunked\r\n\r\nc\r\n{"weight": 5\r\n1\r\n}\r\n0\r\n\r\n` +
      get('/backends', 'Connection: close\r\n'),
  )
  const served = await text(socket)
  expect(served.match(/HTTP\/1\.1 200 /g)).toHaveLength(8)
  // A scrape of its own for each: they were not parsed together.
  expect(a.snapshots()).toBeGreaterThan(7)
  expect(served.match(/"weight":[59]/g)).toEqual(['9', '9', '5', '5'].map((n) => `"weight":${n}`))
  expect(await a.send('/healthz')).toMatchObject({ status: 200 })
})
