import { expect, test } from 'vitest'
import { driveLoad } from '../../../src/driver/journey/drive-load.ts'
import { driveOnce } from '../../../src/driver/journey/drive-once.ts'
import type { DriverLoad } from '../../../src/driver/journey/driver-load.ts'
import type { Check } from '../../../src/plan/load/check.ts'
import { checkOf } from '../../../src/plan/load/check.ts'
import type { LoadPlan, RequestStep, Stage } from '../../../src/plan/load/load-plan.ts'
import type { LoadSample } from '../../../src/result/load-sample.ts'
import { decode } from '../../../src/stats/histogram/histogram.ts'
import { http2Server } from '../../support/http/http2-server.ts'
import { ok, scriptedServer } from '../../support/http/scripted-server.ts'

const get = (url: string, rest: Partial<RequestStep> = {}): RequestStep => ({
  ...{
    kind: 'request',
    name: `GET ${url}`,
    method: 'GET',
    url,
    headers: {},
    checks: [],
    captures: {},
  },
  ...rest,
})

const stage = (rest: Partial<Stage> = {}): Stage => ({
  ...{ name: 'hold', seconds: 0.4, model: 'open', from: 100, to: 100 },
  ...rest,
})

const check = (text: string) => checkOf(text) as Check

const planOf = (
  steps: LoadPlan['journeys'][number]['steps'],
  rest: Partial<LoadPlan> = {},
): LoadPlan => ({
  ...{ stages: [stage()], spacing: 'constant', journeys: [{ name: 'visit', weight: 1, steps }] },
  ...{ data: {}, thresholds: [] },
  ...rest,
})

const loadOf = (url: URL, plan: LoadPlan, rest: Partial<DriverLoad> = {}): DriverLoad => ({
  ...{ plan, url: url.href, timeout: 2, connections: 4, maxInFlight: 200 },
  ...{ seed: 1, driver: 0, drivers: 1 },
  ...rest,
})

async function drive(load: DriverLoad, signal = new AbortController().signal) {
  const samples: LoadSample[] = []
  const report = await driveLoad(load, {
    ...{ ready: async () => {}, signal },
    sample: (some) => void samples.push(...some),
  })
  return { report, samples }
}

const response = (body: string, ...fields: string[]) => ({
  answer: `HTTP/1.1 200 OK\r\n${fields.map((field) => `${field}\r\n`).join('')}Content-Length: ${body.length}\r\n\r\n${body}`,
})

test('a visit captures values for its later steps, keeps cookies, and counts each check by its step', async () => {
  const later: string[] = []
  await using server = await scriptedServer((_, method, text) => {
    if (method === 'GET') return response('{"items":[{"id":"a b"}]}', 'Set-Cookie: sid=7; Path=/')
    later.push(text)
    return {
      answer:
        'HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    }
  })
  const steps = [
    get('/list', {
      name: 'list',
      checks: [check('json /items/0/id is "a b"'), check('time < 0.0001ms')],
      captures: { id: { kind: 'json', pointer: '/items/0/id' } },
    }),
    get('/cart?id={{id}}', {
      ...{ name: 'add', method: 'POST', body: { kind: 'json', text: '{"id":"{{id}}"}' } },
      checks: [check('status is 404'), check('body is abcde')],
    }),
  ]
  const { report } = await drive(loadOf(server.url, planOf(steps)))
  const [only] = report.stages
  expect(only).toMatchObject({
    planned: 40,
    sent: 40,
    visits: 40,
    finished: 40,
    cut: 0,
    notSent: {},
  })
  expect(only?.steps.list).toMatchObject({
    ok: 40,
    failed: {},
    checks: {
      'json /items/0/id is "a b"': { passed: 40, failed: 0 },
      'time < 0.0001ms': { passed: 0, failed: 40 },
      'capture id': { passed: 40, failed: 0 },
    },
  })
  // A status that a check accepts is no failure.
  expect(only?.steps.add).toMatchObject({
    ok: 40,
    checks: { 'body is abcde': { passed: 40, failed: 0 } },
  })
  expect(later[0]).toMatch(/^POST \/cart\?id=a%20b HTTP\/1\.1\r\n/)
  expect(later[0]).toContain('\r\nCookie: sid=7\r\nContent-Length: 12\r\n\r\n{"id":"a b"}')
})

test('over HTTP/2 a visit captures values, keeps cookies and sends bodies as over HTTP/1.1', async () => {
  const bodies: string[] = []
  await using server = await http2Server((stream, n) => {
    if (server.requests[n - 1]?.[':method'] === 'GET') {
      stream.respond({ ':status': 200, 'set-cookie': 'sid=7; Path=/', 'x-page': '3' })
      stream.end('{"id":"a b"}')
      return
    }
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => bodies.push(text))
    stream.on('end', () => {
      stream.respond({ ':status': 404 })
      stream.end('none')
    })
  })
  const steps = [
    get('/list', {
      ...{ name: 'list', captures: { id: { kind: 'json', pointer: '/id' } } },
      checks: [check('header x-page is 3'), check('body contains "a b"')],
    }),
    get('/cart?id={{id}}', {
      ...{ name: 'add', method: 'POST', body: { kind: 'json', text: '{"id":"{{id}}"}' } },
      ...{ headers: { 'X-Token': 'é' }, checks: [check('status is 404'), check('body is none')] },
    }),
  ]
  const { report } = await drive(
    loadOf(server.url, planOf(steps), { transport: { http2: true, streams: 5 } }),
  )
  const passed = { passed: 40, failed: 0 }
  expect(report.stages[0]?.steps).toMatchObject({
    list: {
      ok: 40,
      failed: {},
      checks: { 'header x-page is 3': passed, 'body contains "a b"': passed, 'capture id': passed },
    },
    add: { ok: 40, failed: {}, checks: { 'status is 404': passed, 'body is none': passed } },
  })
  expect(server.requests.find((fields) => fields[':method'] === 'POST')).toMatchObject({
    ':path': '/cart?id=a%20b',
    ':authority': server.url.host,
    cookie: 'sid=7',
    'content-type': 'application/json',
    'content-length': '12',
  })
  expect(new Set(bodies)).toEqual(new Set(['{"id":"a b"}']))
  expect(server.sessions.length).toBeLessThanOrEqual(8)
})

test('a capture that does not fit ends the visit and is counted; failures have their kinds', async () => {
  await using server = await scriptedServer((n) =>
    n % 2 === 0 ? { ending: 'reset' } : { answer: 'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n' },
  )
  const steps = [get('/a', { captures: { id: { kind: 'header', name: 'x-id' } } }), get('/b')]
  const { report } = await drive(loadOf(server.url, planOf(steps)))
  const [only] = report.stages
  expect(only).toMatchObject({ visits: 40, finished: 0, cut: 40 })
  expect(only?.steps['GET /b']).toBeUndefined()
  const step = only?.steps['GET /a']
  expect(step?.checks['capture id']).toEqual({ passed: 0, failed: 40 })
  expect(step?.failed['status 500']).toBeGreaterThan(0)
  expect(Object.values(step?.failed ?? {}).reduce((sum, one) => sum + one, 0)).toBe(40)
})

test('a server that stalls gets every visit that was planned, and the first steps show all of its stall', async () => {
  let endMs: number | undefined
  await using server = await scriptedServer(() => {
    // 300 ms from the first request on.
    endMs ??= performance.now() + 300
    return { answer: ok, atMs: endMs }
  })
  const { report, samples } = await drive(
    loadOf(server.url, planOf([get('/')]), { maxInFlight: 500 }),
  )
  const [only] = report.stages
  expect(only).toMatchObject({ planned: 40, sent: 40, notSent: {} })
  const times = decode(only?.steps['GET /']?.latency ?? '')
  expect(times.count).toBe(40)
  // The first visit waited for all of the stall, although later ones did not.
  expect(times.max).toBeGreaterThan(290_000)
  expect(samples.reduce((sum, one) => sum + one.sent, 0)).toBe(40)
  expect(samples.reduce((sum, one) => sum + one.ok, 0)).toBe(40)
  expect(samples.reduce((sum, one) => sum + one.planned, 0)).toBeCloseTo(40, 6)
})

test('responses behind the last stage are in samples behind it: they are no throughput of the stage', async () => {
  let endMs: number | undefined
  await using server = await scriptedServer(() => {
    endMs ??= performance.now() + 700
    return { answer: ok, atMs: endMs }
  })
  const { samples } = await drive(
    loadOf(server.url, planOf([get('/')], { stages: [stage({ seconds: 0.2, from: 50, to: 50 })] })),
  )
  const okOf = (some: readonly LoadSample[]) => some.reduce((sum, one) => sum + one.ok, 0)
  expect(okOf(samples)).toBe(10)
  expect(okOf(samples.filter(({ atMs }) => atMs <= 300))).toBe(0)
  expect(samples.reduce((sum, one) => sum + one.planned, 0)).toBeCloseTo(10, 6)
})

test('visits beyond the requests in flight are not sent, and say so', async () => {
  await using server = await scriptedServer(() => ({}))
  const { report } = await drive(
    loadOf(server.url, planOf([get('/')]), { maxInFlight: 5, timeout: 0.3 }),
  )
  const [only] = report.stages
  expect(only?.notSent['not-sent-too-many-in-flight']).toBeGreaterThan(0)
  expect(
    (only?.visits ?? 0) + Object.values(only?.notSent ?? {}).reduce((sum, one) => sum + one, 0),
  ).toBe(40)
  expect(only?.steps['GET /']?.failed['timed out']).toBe(only?.visits)
})

test('users begin their visit again after their pause, as many as the plan has', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const pause = { kind: 'pause', pause: { kind: 'fixed', seconds: 0.1 } } as const
  const plan = planOf([get('/user/{{visitor}}/{{iteration}}', { name: 'one' }), pause], {
    stages: [stage({ model: 'closed', from: 3, to: 3, seconds: 0.55 })],
  })
  const { report } = await drive(loadOf(server.url, plan))
  const [only] = report.stages
  expect(only?.planned).toBeCloseTo(1.65, 6)
  // Six visits each, were the machine never late.
  expect(only?.visits).toBeGreaterThanOrEqual(6)
  expect(only?.visits).toBeLessThanOrEqual(18)
})

test('an aborted load ends at once, with what was measured', async () => {
  await using server = await scriptedServer((n) => (n < 10 ? { answer: ok } : {}))
  const abort = new AbortController()
  const load = loadOf(server.url, planOf([get('/')], { stages: [stage({ seconds: 30 })] }))
  const running = driveLoad(load, {
    ...{ ready: async () => {}, signal: abort.signal },
    sample: ([first]) => {
      if ((first?.ok ?? 0) > 0) abort.abort()
    },
  })
  const report = await running
  expect(report.aborted).toBe(true)
  expect(report.seconds).toBeLessThan(15)
  expect(report.stages[0]?.steps['GET /']?.ok).toBeGreaterThan(0)
})

test('one visit is shown with its requests, responses and checks', async () => {
  await using server = await scriptedServer(() => response('hello', 'X-Id: 3'))
  const steps = [
    get('/', { name: 'home', checks: [check('body is hello'), check('status is 201')] }),
  ]
  const visits = await driveOnce(loadOf(server.url, planOf(steps)))
  expect(visits).toMatchObject([
    {
      journey: 'visit',
      requests: [
        {
          step: 'home',
          sent: expect.stringMatching(/^GET \/ HTTP\/1\.1\r\nHost: /),
          head: expect.stringContaining('X-Id: 3'),
          body: 'hello',
          checks: [
            { text: 'body is hello', passed: true },
            { text: 'status is 201', passed: false },
          ],
        },
      ],
    },
  ])
})
