import { once } from 'node:events'
import { createServer } from 'node:net'
import autocannon from 'autocannon'
import { describe, expect, test } from 'vitest'
import type { Counts } from '../../src/driver/driver.ts'
import { findDriver } from '../../src/driver/index.ts'
import type { Load } from '../../src/plan/plan.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import {
  after,
  type Behaviour,
  ok,
  scriptedServer,
  sometimes,
} from '../support/http/scripted-server.ts'
import { driveLoads, load as loadOf, uncoordinated } from './drive-load.ts'

/** The drivers of the closed loop: what holds for one holds for the other. */
const closedLoops = describe.each(['autocannon', 'lean'])

const driveLoad = driveLoads()

/** After 5 ms, so that a loop that waits for responses leaves the CPUs to other tests. */
const paced = (one: Behaviour): Behaviour => ({ ...one, atMs: performance.now() + 5 })

const responses = ({ ok: fine, non2xx }: Counts) => fine + non2xx
const all = (counts: Counts) => Object.values(counts).reduce((sum: number, n: number) => sum + n, 0)

closedLoops('%s', (driver) => {
  const load = (changes: Partial<Load> = {}) => loadOf({ driver, ...changes })

  test('each request that the server saw is counted once, with its latency in µs', async () => {
    await using server = await scriptedServer(after(20))
    const { report, events } = await driveLoad(load(), server.url)
    const { total, window, inFlight } = report
    expect(events).toEqual(['opened', 'closed'])
    expect(total).toEqual({ ok: server.requests, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 })
    expect(inFlight).toEqual({ opened: 4, closed: 4 })
    expect(report.bins.reduce((sum, n) => sum + n, 0)).toBe(total.ok)

    const latency = decode(report.latency)
    expect(latency.count).toBe(window.ok)
    expect(latency.min).toBeGreaterThanOrEqual(20_000)
    // Little: 4 connections are always busy, so that responses × mean = 4 windows, up to one response at each edge.
    const busy = (window.ok * report.meanSeconds) / report.windowSeconds
    expect(Math.abs(busy - 4)).toBeLessThan((8 * latency.max) / 1e6 / report.windowSeconds)
  })

  test('the window has the requests that ended inside it, the total has all', async () => {
    await using server = await scriptedServer(after(5))
    const { report } = await driveLoad(load({ warmup: { least: 0.4, most: 0.4 } }), server.url)
    // A timer counts whole milliseconds, so that it may be early by one.
    expect(report.warmupSeconds).toBeGreaterThanOrEqual(0.399)
    expect(report.windowSeconds).toBeGreaterThanOrEqual(0.499)
    expect(report.window.ok).toBeLessThan(report.total.ok)
    // Warm-up, window and drain: the first two in proportion to their lengths, up to half.
    expect(report.window.ok / report.total.ok).toBeGreaterThan(0.5 / 0.9 / 2)
  })

  test('a dropped connection fails its own request and no other', async () => {
    const usual = after(20)
    await using server = await scriptedServer(sometimes(10, { rare: { ending: 'close' }, usual }))
    const { report } = await driveLoad(load({ connections: 10 }), server.url)
    const drops = Math.floor(server.requests / 10)
    expect(drops).toBeGreaterThan(10)
    expect(report.total).toMatchObject({ ok: server.requests - drops, errors: drops, timeouts: 0 })
    expect(report.errorKinds).toEqual({ 'closed before the response was complete': drops })
    // Each response took 20 ms from its own request; matched to the request before it would read 40 or more.
    const latency = decode(report.latency)
    expect(latency.min).toBeGreaterThanOrEqual(20_000)
    expect(latency.percentile(50)).toBeLessThan(40_000)
  })

  test('a reset connection is an error of kind ECONNRESET', async () => {
    const usual = after(5)
    await using server = await scriptedServer(sometimes(7, { rare: { ending: 'reset' }, usual }))
    const { report } = await driveLoad(load(), server.url)
    const resets = Math.floor(server.requests / 7)
    expect(report.total).toMatchObject({ ok: server.requests - resets, errors: resets })
    expect(report.errorKinds).toEqual({ ECONNRESET: resets })
  })

  test('responses with Connection: close are complete, each on its own connection', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'
    await using server = await scriptedServer(() => paced({ answer, ending: 'close' }))
    const { report } = await driveLoad(load(), server.url)
    expect(report.total).toMatchObject({ ok: server.requests, errors: 0, timeouts: 0 })
    expect(report.total.ok).toBeGreaterThan(20)
    expect(server.connections).toBe(server.requests)
  })

  test('a response without a length ends with its connection', async () => {
    await using server = await scriptedServer(() =>
      paced({ answer: 'HTTP/1.1 200 OK\r\n\r\nuntil the end', ending: 'close' }),
    )
    const { report } = await driveLoad(load(), server.url)
    expect(report.total).toMatchObject({ ok: server.requests, errors: 0 })
  })

  test('a partial response is an error, and the next connection starts with a new response', async () => {
    const half = {
      answer: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf',
      ending: 'close',
    } as const
    await using server = await scriptedServer(sometimes(5, { rare: half, usual: after(5) }))
    const { report } = await driveLoad(load(), server.url)
    const halves = Math.floor(server.requests / 5)
    expect(report.total).toMatchObject({ ok: server.requests - halves, errors: halves })
  })

  test('a request without a response is one time-out, with the time it took', async () => {
    await using server = await scriptedServer(sometimes(20, { rare: {}, usual: after(5) }))
    const { report } = await driveLoad(load({ timeout: 0.2, duration: 1 }), server.url)
    const hung = Math.floor(server.requests / 20)
    expect(report.total).toMatchObject({ ok: server.requests - hung, errors: 0, timeouts: hung })
    const { window, meanSeconds } = report
    expect(window.timeouts).toBeGreaterThan(0)
    // Only responses are in the histogram; the mean has the time-outs too.
    expect(decode(report.latency).count).toBe(window.ok)
    expect(meanSeconds * all(window)).toBeGreaterThan(window.timeouts * 0.2)
  })

  test('a load without any response ends by itself', async () => {
    await using server = await scriptedServer(() => ({}))
    const { report } = await driveLoad(load({ timeout: 0.3 }), server.url)
    expect(report.total).toMatchObject({ ok: 0, timeouts: server.requests })
  })

  test('it backs off from a port that refuses, and reports ECONNREFUSED', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    await once(server, 'close')
    const { report } = await driveLoad(load(), new URL(`http://127.0.0.1:${port}`))
    expect(responses(report.total)).toBe(0)
    expect(report.errorKinds).toEqual({ ECONNREFUSED: report.total.errors })
    // Each connection tries at once, at 0, 10, 30, 70, 150, 310, 630 ms …: 8 times within a second.
    expect(report.total.errors).toBeGreaterThanOrEqual(4)
    expect(report.total.errors).toBeLessThanOrEqual(4 * 8)
  })

  test('responses other than 2xx are counted separately, by status', async () => {
    const rare = { answer: 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n' }
    await using server = await scriptedServer(sometimes(4, { rare, usual: after(5) }))
    const { report } = await driveLoad(load(), server.url)
    const bad = Math.floor(server.requests / 4)
    expect(report.total).toMatchObject({ ok: server.requests - bad, non2xx: bad })
    expect(report.errorKinds).toEqual({ 'status 503': bad })
    // A quick refusal is no quick response.
    expect(decode(report.latency).count).toBe(report.window.ok)
  })

  test('a response that is not HTTP is an error at once', async () => {
    await using server = await scriptedServer(
      sometimes(3, { rare: { answer: 'no\r\n' }, usual: after(5) }),
    )
    const { report } = await driveLoad(load(), server.url)
    const bad = Math.floor(server.requests / 3)
    expect(report.total).toMatchObject({ ok: server.requests - bad, errors: bad, timeouts: 0 })
  })

  test('an early hint is not the response', async () => {
    await using server = await scriptedServer(() =>
      paced({ answer: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}` }),
    )
    const { report } = await driveLoad(load(), server.url)
    expect(report.total).toMatchObject({ ok: server.requests, non2xx: 0, errors: 0 })
  })

  test('a response to HEAD has no body', async () => {
    await using server = await scriptedServer((_, method) =>
      paced({
        answer: `HTTP/1.1 ${method === 'HEAD' ? 200 : 500} OK\r\nContent-Length: 1000\r\n\r\n`,
      }),
    )
    const request = { method: 'HEAD', path: '/', bodyBytes: 0 } as const
    const { report } = await driveLoad(load({ request }), server.url)
    expect(report.total).toMatchObject({ ok: server.requests, errors: 0 })
    expect(server.connections).toBe(4)
  })

  test('it warms up until throughput is steady, and reports when it never was', async () => {
    await using steady = await scriptedServer(after(10))
    const { report } = await driveLoad(load({ warmup: { least: 0.1, most: 30 } }), steady.url)
    expect(report.steady).toBe(true)
    expect(report.warmupSeconds).toBeLessThan(30)

    // Faster and faster, so that a start without CPUs only adds to it: from 400 ms to 20, each connection at its own times.
    let begunMs: number | undefined
    await using quickening = await scriptedServer((index) => {
      const nowMs = performance.now()
      begunMs ??= nowMs
      const spread = 0.5 + ((index * 0.618) % 1)
      return { answer: ok, atMs: nowMs + 400 * spread * Math.exp((begunMs - nowMs) / 500) }
    })
    const { report: other } = await driveLoad(
      load({ connections: 32, warmup: { least: 0.1, most: 1.5 } }),
      quickening.url,
    )
    expect(other.steady).toBe(false)
    expect(other.warmupSeconds).toBeGreaterThanOrEqual(1.499)
  })

  test('it rejects soon after it is aborted, and leaves no connection', async () => {
    await using server = await scriptedServer(after(10))
    const aborter = new AbortController()
    const options = load({ duration: 600 })
    const report = findDriver(driver).drive(
      options,
      server.url,
      uncoordinated(options, () => aborter.abort()),
      aborter.signal,
    )
    await expect(report).rejects.toThrow('aborted')
  })
})

test('unpatched autocannon matches the responses after a dropped connection to the wrong requests, and reports no error', async () => {
  const usual = after(20)
  await using server = await scriptedServer(sometimes(10, { rare: { ending: 'close' }, usual }))
  const result = await autocannon({
    url: server.url.href,
    connections: 10,
    duration: 1,
    sampleInt: 50,
  })
  expect(server.requests).toBeGreaterThan(100)
  expect(result.errors).toBe(0)
  expect(result.latency.p50).toBeGreaterThan(40)
})

test('an unknown driver is an error', () => {
  expect(() => findDriver('closed-lop')).toThrow('there is no driver "closed-lop"')
})
