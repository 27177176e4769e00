import { once } from 'node:events'
import { createServer } from 'node:net'
import autocannon from 'autocannon'
import { expect, test } from 'vitest'
import type { Counts } from '../../src/driver/driver.ts'
import { findDriver } from '../../src/driver/index.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import { drive, load } from '../support/drive.ts'
import { after, ok, sometimes, truthServer } from '../support/truth-server.ts'

const answered = ({ ok: fine, non2xx }: Counts) => fine + non2xx
const all = (counts: Counts) => Object.values(counts).reduce((sum: number, n: number) => sum + n, 0)

test('counts every request that the server saw, once, and times each in µs', async () => {
  await using server = await truthServer(after(20))
  const { report, events } = await drive(load(), server.url)
  const { total, window, inFlight } = report
  expect(events).toEqual(['opened', 'closed'])
  expect(total).toEqual({ ok: server.requests, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 })
  expect(inFlight).toEqual({ opened: 4, closed: 4 })
  expect(report.bins.reduce((sum, n) => sum + n, 0)).toBe(total.ok)

  const latency = decode(report.latency)
  expect(latency.count).toBe(window.ok)
  expect(latency.min).toBeGreaterThanOrEqual(20_000)
  // Little: 4 connections are always busy, so that answers × mean = 4 windows, up to one answer an edge each.
  const busy = (window.ok * report.meanSeconds) / report.windowSeconds
  expect(Math.abs(busy - 4)).toBeLessThan((8 * latency.max) / 1e6 / report.windowSeconds)
})

test('the window holds what ended inside it, the total also the rest', async () => {
  await using server = await truthServer(after(5))
  const { report } = await drive(load({ warmup: { least: 0.4, most: 0.4 } }), server.url)
  // A timer counts whole milliseconds, so that it may be early by one.
  expect(report.warmupSeconds).toBeGreaterThanOrEqual(0.399)
  expect(report.windowSeconds).toBeGreaterThanOrEqual(0.499)
  expect(report.window.ok).toBeLessThan(report.total.ok)
  // Warm-up, window and drain: the first two in proportion to their lengths, up to half.
  expect(report.window.ok / report.total.ok).toBeGreaterThan(0.5 / 0.9 / 2)
})

test('a connection that is dropped costs its own request and no other', async () => {
  const usual = after(20)
  await using server = await truthServer(sometimes(10, { rare: { ending: 'close' }, usual }))
  const { report } = await drive(load({ connections: 10 }), server.url)
  const drops = Math.floor(server.requests / 10)
  expect(drops).toBeGreaterThan(10)
  expect(report.total).toMatchObject({ ok: server.requests - drops, errors: drops, timeouts: 0 })
  expect(report.errorKinds).toEqual({ 'closed before the answer was complete': drops })
  // Each answer took 20 ms from its own request. One given to a request before it would read 40 or more.
  const latency = decode(report.latency)
  expect(latency.min).toBeGreaterThanOrEqual(20_000)
  expect(latency.percentile(50)).toBeLessThan(40_000)
})

test('autocannon by itself gives the answers after a drop to the wrong requests, and tells of no error', async () => {
  const usual = after(20)
  await using server = await truthServer(sometimes(10, { rare: { ending: 'close' }, usual }))
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

test('a reset is an error by its name', async () => {
  const usual = after(1)
  await using server = await truthServer(sometimes(7, { rare: { ending: 'reset' }, usual }))
  const { report } = await drive(load(), server.url)
  const resets = Math.floor(server.requests / 7)
  expect(report.total).toMatchObject({ ok: server.requests - resets, errors: resets })
  expect(report.errorKinds).toEqual({ ECONNRESET: resets })
})

test('answers that close their connection are answers, each on a connection of its own', async () => {
  const answer = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'
  await using server = await truthServer(() => ({ answer, ending: 'close' }))
  const { report } = await drive(load(), server.url)
  expect(report.total).toMatchObject({ ok: server.requests, errors: 0, timeouts: 0 })
  expect(report.total.ok).toBeGreaterThan(20)
  expect(server.connections).toBe(server.requests)
})

test('an answer without a length ends with its connection', async () => {
  await using server = await truthServer(() => ({
    answer: 'HTTP/1.1 200 OK\r\n\r\nuntil the end',
    ending: 'close',
  }))
  const { report } = await drive(load(), server.url)
  expect(report.total).toMatchObject({ ok: server.requests, errors: 0 })
})

test('half an answer is an error, and the next connection starts afresh', async () => {
  const half = {
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf',
    ending: 'close',
  } as const
  await using server = await truthServer(sometimes(5, { rare: half, usual: after(1) }))
  const { report } = await drive(load(), server.url)
  const halves = Math.floor(server.requests / 5)
  expect(report.total).toMatchObject({ ok: server.requests - halves, errors: halves })
})

test('a request that is never answered is one time-out, with the time it took', async () => {
  await using server = await truthServer(sometimes(20, { rare: {}, usual: after(1) }))
  const { report } = await drive(load({ timeout: 0.2, duration: 1 }), server.url)
  const hung = Math.floor(server.requests / 20)
  expect(report.total).toMatchObject({ ok: server.requests - hung, errors: 0, timeouts: hung })
  const { window, meanSeconds } = report
  expect(window.timeouts).toBeGreaterThan(0)
  // Only answers are in the histogram; the mean has the time-outs too.
  expect(decode(report.latency).count).toBe(window.ok)
  expect(meanSeconds * all(window)).toBeGreaterThan(window.timeouts * 0.2)
})

test('ends by itself when nothing is ever answered', async () => {
  await using server = await truthServer(() => ({}))
  const { report } = await drive(load({ timeout: 0.3 }), server.url)
  expect(report.total).toMatchObject({ ok: 0, timeouts: server.requests })
})

test('against a refused port it rests, and says what happened', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  const { report } = await drive(load(), new URL(`http://127.0.0.1:${port}`))
  expect(answered(report.total)).toBe(0)
  expect(report.errorKinds).toEqual({ ECONNREFUSED: report.total.errors })
  // Each connection tries at once, at 0, 10, 30, 70, 150, 310, 630 ms …: 8 times within a second.
  expect(report.total.errors).toBeGreaterThanOrEqual(4)
  expect(report.total.errors).toBeLessThanOrEqual(4 * 8)
})

test('answers other than 2xx are counted apart, by their status', async () => {
  const rare = { answer: 'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n' }
  await using server = await truthServer(sometimes(4, { rare, usual: after(1) }))
  const { report } = await drive(load(), server.url)
  const bad = Math.floor(server.requests / 4)
  expect(report.total).toMatchObject({ ok: server.requests - bad, non2xx: bad })
  expect(report.errorKinds).toEqual({ 'status 503': bad })
  expect(decode(report.latency).count).toBe(answered(report.window))
})

test('what is not HTTP is an error at once', async () => {
  await using server = await truthServer(
    sometimes(3, { rare: { answer: 'no\r\n' }, usual: after(1) }),
  )
  const { report } = await drive(load(), server.url)
  const bad = Math.floor(server.requests / 3)
  expect(report.total).toMatchObject({ ok: server.requests - bad, errors: bad, timeouts: 0 })
})

test('an early hint is not the answer', async () => {
  await using server = await truthServer(() => ({
    answer: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`,
  }))
  const { report } = await drive(load(), server.url)
  expect(report.total).toMatchObject({ ok: server.requests, non2xx: 0, errors: 0 })
})

test('HEAD is answered without a body', async () => {
  await using server = await truthServer((_, method) => ({
    answer: `HTTP/1.1 ${method === 'HEAD' ? 200 : 500} OK\r\nContent-Length: 1000\r\n\r\n`,
  }))
  const request = { method: 'HEAD', path: '/', bodyBytes: 0 } as const
  const { report } = await drive(load({ request }), server.url)
  expect(report.total).toMatchObject({ ok: server.requests, errors: 0 })
  expect(server.connections).toBe(4)
})

test('warms up until throughput is steady, and says if it never was', async () => {
  await using steady = await truthServer(after(10))
  const { report } = await drive(load({ warmup: { least: 0.1, most: 8 } }), steady.url)
  expect(report.steady).toBe(true)
  expect(report.warmupSeconds).toBeLessThan(8)

  // Ever slower: the nth answer takes n ms.
  await using slowing = await truthServer((n) => ({ answer: ok, atMs: performance.now() + n }))
  const { report: other } = await drive(load({ warmup: { least: 0.1, most: 1.5 } }), slowing.url)
  expect(other.steady).toBe(false)
  expect(other.warmupSeconds).toBeGreaterThanOrEqual(1.499)
})

test('rejects soon after it is aborted, and leaves no connection', async () => {
  await using server = await truthServer(after(10))
  const aborter = new AbortController()
  const moments = { opened: () => aborter.abort(), closed() {} }
  const driven = findDriver('closed-loop').drive(
    load({ duration: 600 }),
    server.url,
    moments,
    aborter.signal,
  )
  await expect(driven).rejects.toThrow('aborted')
})

test('an unknown driver is refused with the nearest name', () => {
  expect(() => findDriver('closed-lop')).toThrow('no driver is called "closed-lop"')
})
