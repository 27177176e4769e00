import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Counts, dropReasons } from '../../src/driver/driver.ts'
import type { FleetReport } from '../../src/driver/fleet/drive-fleet.ts'
import { findDriver } from '../../src/driver/index.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import { after, frozen, ok, scriptedServer, sometimes } from '../support/http/scripted-server.ts'
import { driveLoads, load, openLoad, uncoordinated } from './drive-load.ts'

const driveLoad = driveLoads()

const all = (counts: Counts) =>
  Object.values(counts).reduce((sum: number, count: number) => sum + count, 0)
/** A percentile of the latency, in ms. */
const latencyAt = ({ latency }: FleetReport, percent: number) =>
  decode(latency).percentile(percent) / 1e3
/** The maximum lateness of the driver, in ms. */
const maxLateness = ({ lateness }: FleetReport) => decode(lateness as string).max / 1e3

test('a server that takes 100 ms has a latency of 100 ms', async () => {
  await using server = await scriptedServer(after(100))
  const { report, events } = await driveLoad(openLoad(200, { duration: 1 }), server.url)
  expect(events).toEqual(['opened', 'closed'])
  expect(report.total).toMatchObject({ ok: server.requests, errors: 0, timeouts: 0, dropped: 0 })
  expect(latencyAt(report, 0)).toBeGreaterThanOrEqual(100)
  // 2 ms for the way there and back, besides what server and driver know that they were late.
  expect(latencyAt(report, 50)).toBeLessThan(102 + server.lateMs + maxLateness(report))
})

test('every arrival that is due in the window is counted in it, once', async () => {
  await using server = await scriptedServer(after(50))
  const { report } = await driveLoad(openLoad(500), server.url)
  // 500 a second for half a second, give or take one at each edge.
  expect(Math.abs((report.planned ?? 0) - 250)).toBeLessThanOrEqual(1)
  expect(all(report.window)).toBe(report.planned)
  expect(decode(report.latency).count).toBe(report.window.ok)
  expect(decode(report.service ?? '').count).toBe(report.window.ok)
  expect(decode(report.lateness ?? '').count).toBe(report.planned)
  expect(report.total.ok).toBe(server.requests)
})

test('a stall of 0.4 s in each 2 s delays all requests that were due in it', async () => {
  await using server = await scriptedServer(frozen({ frozenMs: 400, everyMs: 2000 }))
  const { report } = await driveLoad(openLoad(200, { duration: 2 }), server.url)
  expect(report.window).toMatchObject({ ok: report.planned, dropped: 0 })
  // A fifth waits, evenly from 0 to 400 ms: a tenth more than 200, a hundredth more than 380. Early by
  // one spacing of 5 ms; late by what server and driver were kept from work, and 15 ms for the burst.
  for (const [percent, truth] of [
    [90, 200],
    [99, 380],
  ] as const) {
    expect(latencyAt(report, percent)).toBeGreaterThan(truth - 5)
    expect(latencyAt(report, percent)).toBeLessThan(
      truth + 15 + server.lateMs + maxLateness(report),
    )
  }
})

test('the p99 of a server that is frozen for a tenth of the time is nine tenths of the freeze', async () => {
  await using server = await scriptedServer(frozen({ frozenMs: 200, everyMs: 2000 }))
  const { report } = await driveLoad(openLoad(1000, { duration: 2 }), server.url)
  // A tenth waits, evenly from 0 to 200 ms: one in a hundred of all waits more than 180.
  expect(latencyAt(report, 99)).toBeGreaterThan(180 - 15)
  expect(latencyAt(report, 99)).toBeLessThan(180 + 15 + server.lateMs + maxLateness(report))
})

test('a pause of the driver delays all requests that were due in it, and drops none', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const { report } = await driveLoad(openLoad(500, { duration: 1 }), server.url, (pid) => {
    process.kill(pid, 'SIGSTOP')
    void wait(300).then(() => process.kill(pid, 'SIGCONT'))
  })
  expect(report.window).toMatchObject({ ok: report.planned, dropped: 0 })
  // 300 ms of 1 s: the last 5 % of all waited for at least 250 ms, all of it the driver's lateness.
  expect(latencyAt(report, 95)).toBeGreaterThan(240)
  expect(decode(report.lateness ?? '').percentile(95)).toBeGreaterThan(240_000)
  expect(decode(report.service ?? '').percentile(50)).toBeLessThan(240_000)
})

test('a dropped connection fails its own request and no other', async () => {
  const usual = after(20)
  await using server = await scriptedServer(sometimes(50, { rare: { ending: 'close' }, usual }))
  const { report } = await driveLoad(openLoad(500, { duration: 1 }), server.url)
  const drops = Math.floor(server.requests / 50)
  expect(drops).toBeGreaterThan(5)
  expect(report.total).toMatchObject({ ok: server.requests - drops, errors: drops, timeouts: 0 })
  expect(report.errorKinds).toEqual({ 'closed before the response was complete': drops })
  expect(latencyAt(report, 0)).toBeGreaterThanOrEqual(20)
})

test('a request without a response is one time-out, and no other request waits for it', async () => {
  await using server = await scriptedServer(sometimes(50, { rare: {}, usual: after(1) }))
  const { report } = await driveLoad(openLoad(500, { duration: 1, timeout: 1.5 }), server.url)
  const hung = Math.floor(server.requests / 50)
  expect(report.total).toEqual({
    ok: server.requests - hung,
    non2xx: 0,
    errors: 0,
    timeouts: hung,
    dropped: 0,
  })
  expect(report.meanSeconds * all(report.window)).toBeGreaterThan(report.window.timeouts * 1.5)
})

test('responses with Connection: close are complete', async () => {
  const answer = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'
  await using server = await scriptedServer(() => ({ answer, ending: 'close' }))
  const { report } = await driveLoad(openLoad(200), server.url)
  expect(report.total).toMatchObject({ ok: server.requests, errors: 0, timeouts: 0 })
  expect(server.connections).toBe(server.requests)
})

test('an arrival beyond the maximum in flight is dropped and counted', async () => {
  await using server = await scriptedServer(() => ({}))
  const { report } = await driveLoad(
    load({
      driver: 'open-loop',
      connections: 2,
      arrivals: { rate: 200, spacing: 'poisson', maxInFlight: 5 },
      warmup: { least: 0.3, most: 0.3 },
      timeout: 3,
    }),
    server.url,
  )
  expect(report.total).toMatchObject({ ok: 0, timeouts: server.requests })
  expect(report.inFlight).toEqual({ opened: 5, closed: 5 })
  expect(report.window).toMatchObject({ dropped: report.planned })
  expect(report.errorKinds[dropReasons.tooManyInFlight]).toBeGreaterThan(0)
})

test('it backs off from a port that refuses, and counts every arrival', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  const url = new URL(`http://127.0.0.1:${port}`)
  const { report } = await driveLoad(openLoad(1000, { duration: 1 }), url)
  expect(report.window).toMatchObject({ ok: 0, errors: report.planned })
  const { ECONNREFUSED: tried = 0, [dropReasons.targetRefuses]: notSent = 0 } = report.errorKinds
  expect(tried).toBeGreaterThan(0)
  expect(notSent).toBeGreaterThan(2 * tried)
  expect(tried + notSent).toBe(report.total.errors)
})

test('it continues when a port that refused is opened', async () => {
  const server = createServer((socket) => {
    socket.on('data', () => socket.write(ok)).on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  const url = new URL(`http://127.0.0.1:${port}`)
  const { report } = await driveLoad(openLoad(200, { duration: 2 }), url, () => {
    server.listen(port, '127.0.0.1')
  })
  server.close()
  expect(report.window.ok).toBeGreaterThan(0)
  expect(report.window.ok + report.window.errors).toBe(report.planned)
})

test('other statuses are non2xx, malformed responses are errors, early hints are ignored', async () => {
  const responses = [
    'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n',
    'not http\r\n',
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`,
    ok,
  ]
  await using server = await scriptedServer((n) => ({ answer: responses[n % 4] as string }))
  const { report } = await driveLoad(openLoad(200), server.url)
  const [non2xx = 0, errors = 0, hinted = 0, plain = 0] = responses.map(
    (_, kind) => [...Array(server.requests)].filter((_, i) => (i + 1) % 4 === kind).length,
  )
  expect(report.total).toEqual({ ok: hinted + plain, non2xx, errors, timeouts: 0, dropped: 0 })
})

test.for(['POST', 'HEAD'] as const)('it sends %s', async (method) => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n'
  const methods = new Set<string>()
  await using server = await scriptedServer((_, sent) => {
    methods.add(sent)
    return { answer: sent === 'HEAD' ? head : `${head}ok` }
  })
  const bodyBytes = method === 'POST' ? 3000 : 0
  const { report } = await driveLoad(
    openLoad(200, { request: { method, path: '/a', bodyBytes } }),
    server.url,
  )
  expect([...methods]).toEqual([method])
  expect(report.total).toMatchObject({ ok: server.requests, errors: 0, timeouts: 0 })
})

test('it takes its connections in turn, and opens more only when all are in use', async () => {
  await using fast = await scriptedServer(() => ({ answer: ok }))
  await driveLoad(openLoad(100, { connections: 10 }), fast.url)
  expect(fast.connections).toBeGreaterThanOrEqual(10)

  // 100 requests a second of 200 ms each: 20 in flight.
  await using slow = await scriptedServer(after(200))
  const { report } = await driveLoad(openLoad(100, { connections: 10 }), slow.url)
  expect(slow.connections).toBeGreaterThanOrEqual(20)
  expect(report.total).toMatchObject({ ok: slow.requests, dropped: 0 })
})

test('it rejects soon after it is aborted', async () => {
  await using server = await scriptedServer(after(10))
  const aborter = new AbortController()
  const options = openLoad(100, { duration: 600, connections: 10 })
  const report = findDriver('open-loop').drive(
    options,
    server.url,
    uncoordinated(options, () => aborter.abort()),
    aborter.signal,
  )
  await expect(report).rejects.toThrow('aborted')
})

test('a load without arrivals is an error', async () => {
  const options = load({ driver: 'open-loop' })
  const report = findDriver('open-loop').drive(
    options,
    new URL('http://127.0.0.1:1'),
    uncoordinated(options),
    new AbortController().signal,
  )
  await expect(report).rejects.toThrow('an open loop needs arrivals')
})
