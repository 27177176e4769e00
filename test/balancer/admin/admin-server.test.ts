import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openAdmin } from '../../../src/balancer/admin/admin-server.ts'
import { maxBodyBytes } from '../../../src/balancer/admin/read-body.ts'
import type { Snapshot } from '../../../src/balancer/admin/snapshot.ts'
import { adminSettings } from '../../../src/balancer/config/admin-settings.ts'
import { UsageError } from '../../../src/kit/errors.ts'
import { backendSnapshot, snapshot } from '../support/snapshot.ts'
import { ward } from '../support/ward.ts'

const token = 'let-me-change-it'
const bearer = { authorization: `Bearer ${token}` }

/** An admin port over two backends that nobody uses. */
async function admin({ seen = {} }: { readonly seen?: Partial<Snapshot> } = {}) {
  const w = ward({ weights: [1, 1], spare: 1 })
  const backends = () =>
    w
      .eligible()
      .map((row) => backendSnapshot(`b${row}:80`, { row, weight: w.table.weight[row] ?? 0 }))
  const server = await openAdmin(adminSettings.parse({ port: 0, token }), {
    snapshot: () => snapshot({ backends: backends(), ...seen }),
    changes: w.changes,
  })
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, init)
    const body = await answer.text()
    const type = answer.headers.get('content-type')
    return {
      status: answer.status,
      headers: answer.headers,
      body: type === 'application/json' && body !== '' ? JSON.parse(body) : body,
    }
  }
  return { w, ask, port: server.port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

const put = (body: unknown): RequestInit => ({
  method: 'PUT',
  headers: bearer,
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const post = (body?: unknown): RequestInit => ({ ...put(body ?? ''), method: 'POST' })

test('it is open on loopback only, unless told otherwise', () => {
  expect(adminSettings.parse({ port: 0 }).host).toBe('127.0.0.1')
})

test('/healthz says whether the balancer takes requests', async () => {
  await using a = await admin()
  expect(await a.ask('/healthz')).toMatchObject({
    status: 200,
    body: { status: 'ok', healthy: 2, backends: 2 },
  })
  await using draining = await admin({ seen: { draining: true } })
  expect(await draining.ask('/healthz')).toMatchObject({
    status: 503,
    body: { status: 'draining' },
  })
})

test('/backends shows each backend, with its answers by class', async () => {
  const seen = { backends: [backendSnapshot('a:1', { answers: [0, 7, 0, 1, 0], why: 'because' })] }
  await using a = await admin({ seen })
  const { status, body } = await a.ask('/backends?verbose')
  expect(status).toBe(200)
  expect(body).toEqual([
    {
      id: 'a:1',
      url: 'http://a:1',
      weight: 1,
      effectiveWeight: 1,
      state: 'up',
      why: 'because',
      inFlight: 0,
      ejections: 0,
      failures: 0,
      idle: 0,
      requests: 0,
      answers: { '1xx': 0, '2xx': 7, '3xx': 0, '4xx': 1, '5xx': 0 },
    },
  ])
})

test('/metrics is text for Prometheus', async () => {
  await using a = await admin({ seen: { retries: 3 } })
  const { status, headers, body } = await a.ask('/metrics')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(body).toContain('\nlb_retries_total 3\n')
})

test('HEAD gets the head of what GET gets', async () => {
  await using a = await admin()
  const { status, headers, body } = await a.ask('/backends', { method: 'HEAD' })
  expect(status).toBe(200)
  expect(Number(headers.get('content-length'))).toBeGreaterThan(10)
  expect(body).toBe('')
})

test('a backend can be weighed, drained, undrained, added and removed', async () => {
  await using a = await admin()
  expect(await a.ask('/backends/b0:80/weight', put({ weight: 7 }))).toMatchObject({
    status: 200,
    body: { id: 'b0:80', weight: 7 },
  })
  await a.ask('/backends/b0%3A80/drain', post())
  expect(a.w.eligible()).toEqual([1])
  expect(await a.ask('/backends/b0:80/undrain', post())).toMatchObject({ status: 200 })
  expect(a.w.eligible()).toEqual([0, 1])
  expect(await a.ask('/backends', post({ url: 'http://b2:80', weight: 3 }))).toMatchObject({
    status: 201,
    body: { id: 'b2:80', weight: 3 },
  })
  expect([...a.w.table.weight]).toEqual([7, 1, 3])
  expect(await a.ask('/backends/b2:80', { method: 'DELETE', headers: bearer })).toMatchObject({
    status: 200,
    body: { id: 'b2:80', state: 'leaving' },
  })
  expect(a.w.eligible()).toEqual([0, 1])
})

test.for([
  ['no token', undefined, 'Bearer'],
  ['another token', 'Bearer not-the-right-one', 'Bearer error="invalid_token"'],
  ['the start of the token', `Bearer ${token.slice(0, -1)}`, 'Bearer error="invalid_token"'],
  ['the token and more', `Bearer ${token}x`, 'Bearer error="invalid_token"'],
  ['another scheme', `Basic ${token}`, 'Bearer'],
] as const)('%s changes nothing: 401', async ([_, authorization, challenge]) => {
  await using a = await admin()
  const headers = authorization === undefined ? {} : { authorization }
  const {
    status,
    body,
    headers: got,
  } = await a.ask('/backends/b0:80/drain', {
    method: 'POST',
    headers,
  })
  expect(status).toBe(401)
  expect(got.get('www-authenticate')).toBe(challenge)
  expect(body.error).not.toContain(token)
  expect(a.w.eligible()).toEqual([0, 1])
})

test('without a token of its own it takes no changes at all: 403', async () => {
  const w = ward({ weights: [1] })
  await using server = await openAdmin(adminSettings.parse({ port: 0 }), {
    snapshot,
    changes: w.changes,
  })
  const url = `http://127.0.0.1:${server.port}/backends`
  const headers = { authorization: 'Bearer undefined' }
  expect((await fetch(`${url}/b0:80/drain`, { method: 'POST', headers })).status).toBe(403)
  expect((await fetch(url)).status).toBe(200)
  expect(w.eligible()).toEqual([0])
})

test.for([
  ['/backends/b0:80/weight', put({ weight: -1 }), 400, /^weight: /],
  ['/backends/b0:80/weight', put({ weight: 1.5 }), 400, /^weight: /],
  ['/backends/b0:80/weight', put({ weight: 1e9 }), 400, /^weight: /],
  ['/backends/b0:80/weight', put({ weight: 1, colour: 'red' }), 400, /colour/],
  ['/backends/b0:80/weight', put([]), 400, /^the body: /],
  ['/backends/b0:80/weight', put('{"weight": 1'), 400, /not JSON/],
  ['/backends/b9:80/weight', put({ weight: 1 }), 404, /no backend "b9:80"/],
  ['/backends/%/weight', put({ weight: 1 }), 400, /not a name/],
  ['/backends', post({ url: 'http://b0:80' }), 409, /b0:80 is a backend already/],
  ['/backends', post({ url: 'gopher://b3:80' }), 400, /not the address of a backend/],
  ['/backends', post({ weight: 3 }), 400, /^url: /],
  ['/backends/b9:80', { method: 'DELETE', headers: bearer }, 404, /no backend/],
  ['/nothing', {}, 404, /nothing at \/nothing/],
  ['/healthz', { method: 'POST' }, 405, /does not take POST/],
  ['/backends/b0:80/weight', {}, 405, /does not take GET/],
] as const)(
  '%s %o is refused with one line that says why: %i',
  async ([path, init, status, error]) => {
    await using a = await admin()
    const answer = await a.ask(path, init)
    expect(answer.status).toBe(status)
    expect(Object.keys(answer.body)).toEqual(['error', 'hint'])
    expect(answer.body.error).toMatch(error)
    expect(answer.body.error).not.toContain('\n')
    expect([...a.w.table.weight]).toEqual([1, 1, 0])
  },
)

test('a method that is not taken is answered with those that are', async () => {
  await using a = await admin()
  const { headers } = await a.ask('/backends', { method: 'DELETE', headers: bearer })
  expect(headers.get('allow')).toBe('GET, POST')
})

test('a body is read up to its limit, and then the connection is closed', async () => {
  await using a = await admin()
  const { status, headers } = await a.ask('/backends', post({ url: 'x'.repeat(maxBodyBytes) }))
  expect(status).toBe(413)
  expect(headers.get('connection')).toBe('close')
})

test('what is not HTTP gets 400 and a closed connection', async () => {
  await using a = await admin()
  const socket = connect(a.port, '127.0.0.1')
  socket.end('GARBAGE\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
})

test('an error that nobody foresaw is a 500, and the port goes on', async () => {
  const w = ward({ weights: [1] })
  await using server = await openAdmin(adminSettings.parse({ port: 0 }), {
    snapshot: () => {
      throw new TypeError('x is undefined')
    },
    changes: w.changes,
  })
  const ask = () => fetch(`http://127.0.0.1:${server.port}/backends`)
  expect([(await ask()).status, (await ask()).status]).toEqual([500, 500])
})

test('a port in use is an error in how the balancer was started', async () => {
  await using a = await admin()
  const again = openAdmin(adminSettings.parse({ port: a.port }), {
    snapshot,
    changes: a.w.changes,
  })
  await expect(again).rejects.toThrow(UsageError)
  await expect(again).rejects.toThrow(/admin port: 127\.0\.0\.1:\d+ is in use/)
})

test('a token that is short or cannot be sent is refused', () => {
  expect(adminSettings.safeParse({ port: 0, token: 'short' }).success).toBe(false)
  expect(adminSettings.safeParse({ port: 0, token: 'has a space in it, sorry' }).success).toBe(
    false,
  )
  expect(adminSettings.safeParse({ port: 0, token }).success).toBe(true)
})
