import { expect, test } from 'vitest'
import { inFlightRequests } from '../../src/driver/in-flight.ts'
import { ok, scriptedServer } from '../support/http/scripted-server.ts'
import { load } from './drive-load.ts'

test('an arrival waits in the backlog if a connection was free when it was due, and is dropped if none was', async () => {
  await using server = await scriptedServer(() => ({ answer: ok }))
  const requests = inFlightRequests(load({ connections: 2 }), server.url)
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
  const requests = inFlightRequests(load({ connections: 1, timeout: 0.2 }), server.url)
  const nowMs = performance.now()
  for (const ago of [2, 1]) requests.arrival(nowMs - ago, nowMs)
  await expect.poll(() => requests.count, { interval: 5 }).toBe(0)
  requests.close()
  expect(requests.report().total).toMatchObject({ ok: 0, timeouts: 1, dropped: 1 })
})
