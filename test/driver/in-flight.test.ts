import { expect, test } from 'vitest'
import { dropReasons } from '../../src/driver/driver.ts'
import { inFlightRequests } from '../../src/driver/in-flight.ts'
import { connector } from '../../src/driver/lean/connector.ts'
import type { Load } from '../../src/plan/plan.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'
import { ok, scriptedServer } from '../support/http/scripted-server.ts'
import { load } from './drive-load.ts'

const requestsOf = async (options: Load, url: URL) =>
  inFlightRequests(options, await connector(options, url))

test('beyond the maximum in flight, an arrival waits if a connection was free when it was due, and is dropped if none was', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const requests = await requestsOf(load({ connections: 2 }), server.url)
  const nowMs = performance.now()
  // All due before any is sent: late, as after a pause. Two can be sent at once.
  const sent = [5, 4, 3, 2, 1].map((ago) => requests.arrival(nowMs - ago, nowMs))
  expect(sent).toEqual([true, true, false, false, false])
  // Due after the two were sent: no connection is free.
  const laterMs = performance.now()
  requests.arrival(laterMs, laterMs)
  await expect.poll(() => requests.count, { interval: 5 }).toBe(0)
  requests.close()
  expect(requests.report().total).toEqual({ ok: 5, non2xx: 0, errors: 0, timeouts: 0, dropped: 1 })
})

test('an arrival that waited for as long as the time-out is dropped', async () => {
  await using server = await scriptedServer((n) => (n === 1 ? {} : { answer: ok }))
  const requests = await requestsOf(load({ connections: 1, timeout: 0.2 }), server.url)
  const nowMs = performance.now()
  for (const ago of [2, 1]) requests.arrival(nowMs - ago, nowMs)
  await expect.poll(() => requests.count, { interval: 5 }).toBe(0)
  requests.close()
  expect(requests.report().total).toMatchObject({ ok: 0, timeouts: 1, dropped: 1 })
})

test('an arrival that finds no connection available waits for one: its latency counts that, its lateness does not', async () => {
  const answerMs = performance.now() + 100
  await using server = await scriptedServer((n) => ({
    answer: ok,
    ...(n < 3 && { atMs: answerMs }),
  }))
  const arrivals = { rate: 1, spacing: 'constant', maxInFlight: 5 } as const
  const requests = await requestsOf(load({ connections: 1, arrivals }), server.url)
  const dueMs = performance.now()
  requests.setWindow(dueMs, dueMs + 10_000)
  // In the millisecond in which the second connection is opened, no third one is.
  const sent = [1, 2, 3].map(() => requests.arrival(dueMs, dueMs))
  expect(sent).toEqual([true, true, false])
  expect(requests.count).toBe(3)
  await expect.poll(() => requests.count, { interval: 5 }).toBe(0)
  requests.close()
  const { window, latency, lateness } = requests.report()
  expect(window).toMatchObject({ ok: 3, dropped: 0 })
  // The third waited for the millisecond in which another connection may be opened.
  expect(decode(latency).percentile(0)).toBeGreaterThanOrEqual(990)
  expect(decode(lateness ?? '').percentile(100)).toBeLessThan(100)
  expect(server.connections).toBe(3)
})

test('a request that still waits at the end is one that was not sent', async () => {
  await using server = await scriptedServer(() => ({}))
  const arrivals = { rate: 1, spacing: 'constant', maxInFlight: 5 } as const
  const requests = await requestsOf(load({ connections: 1, arrivals }), server.url)
  const dueMs = performance.now()
  for (let i = 0; i < 3; i++) requests.arrival(dueMs, dueMs)
  requests.close()
  expect(requests.report()).toMatchObject({
    total: { errors: 2, dropped: 1 },
    errorKinds: { [dropReasons.tooManyInFlight]: 1 },
  })
})

test('requests that wait are sent on further connections, although nothing arrives and nothing ends', async () => {
  await using server = await scriptedServer(() => ({}))
  const arrivals = { rate: 1, spacing: 'constant', maxInFlight: 5 } as const
  const requests = await requestsOf(load({ connections: 1, arrivals }), server.url)
  const dueMs = performance.now()
  for (let i = 0; i < 4; i++) requests.arrival(dueMs, dueMs)
  await expect.poll(() => server.requests, { interval: 5 }).toBe(4)
  requests.close()
})
