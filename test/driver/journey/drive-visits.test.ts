import { expect, test } from 'vitest'
import { visits } from '../../../src/driver/visits.ts'
import { type Check, checkOf } from '../../../src/plan/load/check.ts'
import type { JourneyPlan, RequestStep } from '../../../src/plan/load/load-plan.ts'
import type { Load } from '../../../src/plan/plan.ts'
import { decode } from '../../../src/stats/histogram/histogram.ts'
import { scriptedServer } from '../../support/http/scripted-server.ts'
import { load, uncoordinated } from '../drive-load.ts'

const step = (name: string, rest: Partial<RequestStep> = {}): RequestStep => ({
  ...{ kind: 'request', name, method: 'GET', url: `/${name}`, headers: {}, checks: [] },
  ...{ captures: {}, ...rest },
})

const pause = (seconds: number) => ({ kind: 'pause', pause: { kind: 'fixed', seconds } }) as const

const journey = (name: string, steps: JourneyPlan['steps'], weight = 1): JourneyPlan => ({
  ...{ name, weight, steps },
})

/** Drives visits of these journeys without a coordinator. */
function drive(url: URL, journeys: readonly JourneyPlan[], rest: Partial<Load> = {}) {
  const own = load({
    ...{ driver: 'visits', timeout: 2, visits: { journeys, data: {}, driver: 0, drivers: 1 } },
    ...rest,
  })
  return visits.drive(own, url, uncoordinated(own), new AbortController().signal)
}

const open = (rate: number, maxInFlight = 100): Partial<Load> => ({
  arrivals: { rate, spacing: 'constant', maxInFlight },
})

const response = (body: string, status = 200) => ({
  answer: `HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
})

test('visits arrive at their rate, and each request counts by its step; what fails a check has failed', async () => {
  let lists = 0
  await using server = await scriptedServer((_, __, text) => {
    if (!text.startsWith('GET /list')) return response('no', 404)
    // Every fourth list is a wrong one: as quick as the others, and a response of success.
    return response(++lists % 4 === 0 ? 'empty' : 'items')
  })
  const body = checkOf('body contains "items"') as Check
  const gone = checkOf('status is 404') as Check
  const report = await drive(
    server.url,
    [
      journey('browse', [
        step('list', { checks: [body] }),
        pause(0.02),
        step('item', { checks: [gone] }),
      ]),
    ],
    open(100),
  )
  const { visits: seen, window, total, planned, errorKinds } = report
  // 100 a second for half a second, give or take one at each edge.
  expect(Math.abs((planned ?? 0) - 50)).toBeLessThanOrEqual(1)
  expect(seen?.began).toBe(planned)
  const { list, item } = seen?.steps ?? {}
  const wrong = list?.failed[`check failed: ${body.text}`] ?? 0
  expect(wrong).toBeGreaterThan(0)
  expect(list?.checks[body.text]).toEqual({ passed: list?.ok, failed: wrong })
  expect((list?.ok ?? 0) + wrong).toBe(planned)
  // A status that a check accepts is none of a failure.
  expect(item?.failed).toEqual({})
  expect(item?.ok).toBeGreaterThan(40)
  expect(window).toEqual({
    ok: (list?.ok ?? 0) + (item?.ok ?? 0),
    ...{ non2xx: wrong, errors: 0, timeouts: 0, dropped: 0 },
  })
  expect(decode(report.latency).count).toBe(window.ok)
  expect(decode(list?.latency ?? '').count).toBe(list?.ok)
  expect(decode(report.lateness ?? '').count).toBe(planned)
  expect(errorKinds).toEqual({ [`check failed: ${body.text}`]: expect.any(Number) })
  expect(total.ok + total.non2xx).toBe(server.requests)
})

test('the first request of a visit counts from when the visit was due; a capture that does not fit ends it', async () => {
  let endMs: number | undefined
  await using server = await scriptedServer(() => {
    // It stalls for 150 ms, from its first request on.
    endMs ??= performance.now() + 150
    return { ...response('x'), atMs: endMs }
  })
  const report = await drive(
    server.url,
    [
      journey('one', [
        step('list', { captures: { id: { kind: 'header', name: 'x-id' } } }),
        step('item'),
      ]),
    ],
    { ...open(50, 500), warmup: { least: 0, most: 0 } },
  )
  expect(report.visits).toMatchObject({ finished: 0, cut: report.visits?.began })
  expect(report.visits?.steps.item).toBeUndefined()
  expect(report.window.ok).toBe(0)
  expect(report.visits?.steps.list?.failed).toEqual({
    'check failed: capture id': report.visits?.began,
  })
  expect(report.meanSeconds).toBeGreaterThan(0.005)
})

test('in the closed loop each user begins its next visit at once, without pauses; a journey is taken by its weight', async () => {
  await using server = await scriptedServer(() => response('x'))
  const report = await drive(
    server.url,
    [
      journey('short', [step('a'), pause(30)], 3),
      journey('long', [step('b'), pause(30), step('c')], 1),
    ],
    { connections: 3 },
  )
  const { steps = {}, finished = 0 } = report.visits ?? {}
  const [a, b] = [steps.a?.ok ?? 0, steps.b?.ok ?? 0]
  expect(finished).toBeGreaterThan(30)
  expect(a).toBeGreaterThan(b)
  expect(report.window.ok).toBe(a + b + (steps.c?.ok ?? 0))
  expect(report.planned).toBeUndefined()
  expect(server.connections).toBe(3)
  // As many requests are under way as there are users (Little's law).
  const rate = report.window.ok / report.windowSeconds
  expect((rate * report.meanSeconds) / 3).toBeCloseTo(1, 1)
})

test('a load without visits is refused', async () => {
  const own = load({ driver: 'visits' })
  const url = new URL('http://127.0.0.1:1')
  await expect(
    visits.drive(own, url, uncoordinated(own), new AbortController().signal),
  ).rejects.toMatchObject({ exitCode: 2 })
})
