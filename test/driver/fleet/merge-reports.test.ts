import { expect, test } from 'vitest'
import { type Counts, type DriverReport, dropReasons } from '../../../src/driver/driver.ts'
import { mergeReports, type NumberedReport } from '../../../src/driver/fleet/merge-reports.ts'
import { type TimelineRecorder, timelineRecorder } from '../../../src/driver/timeline.ts'
import { seeded } from '../../../src/kit/random.ts'
import { histogram } from '../../../src/stats/histogram/histogram.ts'

const none: Counts = { ok: 0, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }

function report(differs: Partial<DriverReport> = {}): DriverReport {
  return {
    windowSeconds: 1,
    warmupSeconds: 1,
    steady: true,
    window: none,
    total: none,
    inFlight: { opened: 0, closed: 0 },
    latency: encoded([]),
    meanSeconds: 0,
    bins: [],
    errorKinds: {},
    ...differs,
  }
}

function encoded(micros: readonly number[]): string {
  const times = histogram()
  for (const time of micros) times.record(time)
  return times.encode()
}

function merged(...reports: readonly DriverReport[]) {
  const numbered = reports.map((one, i): NumberedReport => ({ number: i + 1, report: one }))
  return mergeReports(numbered as [NumberedReport, ...NumberedReport[]])
}

test('the merged histogram of three drivers is identical to one histogram of all their values', () => {
  const random = seeded(1)
  // From a microsecond to an hour, as no driver would record them.
  const values = Array.from({ length: 30_000 }, () => Math.round(Math.exp(random() * 22)))
  const parts = [0, 1, 2].map((i) => encoded(values.filter((_, at) => at % 3 === i)))
  const { latency, service, lateness } = merged(
    ...parts.map((one) => report({ latency: one, service: one, lateness: one })),
  )
  expect(latency).toBe(encoded(values))
  expect([service, lateness]).toEqual([latency, latency])
})

test('counts, requests in flight, arrivals and bins are sums', () => {
  const window = { ok: 5, non2xx: 4, errors: 3, timeouts: 2, dropped: 1 }
  const one = { window, total: { ...window, ok: 50 }, planned: 15 }
  const found = merged(
    report({ ...one, inFlight: { opened: 1, closed: 2 }, bins: [1, 2, 3] }),
    report({ ...one, inFlight: { opened: 3, closed: 4 }, bins: [10, 20] }),
  )
  expect(found.window).toEqual({ ok: 10, non2xx: 8, errors: 6, timeouts: 4, dropped: 2 })
  expect(found.total).toEqual({ ok: 100, non2xx: 8, errors: 6, timeouts: 4, dropped: 2 })
  expect(found).toMatchObject({
    inFlight: { opened: 4, closed: 6 },
    planned: 30,
    bins: [11, 22, 3],
  })
})

test('means are weighted by the requests that they are means of', () => {
  const found = merged(
    report({ window: { ...none, ok: 1, errors: 1 }, meanSeconds: 0.5, okMeanSeconds: 0.4 }),
    report({ window: { ...none, ok: 8, dropped: 90 }, meanSeconds: 0.1, okMeanSeconds: 0.1 }),
    report({ window: { ...none, timeouts: 2 }, meanSeconds: 5 }),
  )
  expect(found.meanSeconds).toBeCloseTo((2 * 0.5 + 8 * 0.1 + 2 * 5) / 12, 12)
  expect(found.okMeanSeconds).toBeCloseTo((0.4 + 8 * 0.1) / 9, 12)
  expect(merged(report(), report()).okMeanSeconds).toBeUndefined()
})

test('the fleet is as busy as its busiest driver, and steady only if all are; each keeps its own part', () => {
  const found = merged(
    report({ driverBusy: 0.2, driverStalled: 0.3, cpuSeconds: 0.2, lateness: encoded([10]) }),
    report({ driverBusy: 0.9, driverStalled: 0.1, cpuSeconds: 0.8, latency: encoded([2000]) }),
  )
  expect(found).toMatchObject({ driverBusy: 0.9, driverStalled: 0.3, steady: true })
  expect(found.drivers).toEqual([
    {
      ...{ number: 1, window: none, total: none, cpuSeconds: 0.2, busy: 0.2, stalled: 0.3 },
      latenessP50: expect.closeTo(0.00001, 6),
    },
    {
      ...{ number: 2, window: none, total: none, cpuSeconds: 0.8, busy: 0.9, stalled: 0.1 },
      latencyP50: expect.closeTo(0.002, 5),
    },
  ])
  expect(merged(report(), report({ steady: false })).steady).toBe(false)
})

test('kinds of error are added up; beyond 16 the rarest are counted together, reasons not to send never', () => {
  const kinds = (from: number) =>
    Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`E${from + i}`, 100 - from - i]))
  const { errorKinds } = merged(
    report({ errorKinds: { ...kinds(0), other: 3 } }),
    report({ errorKinds: { ...kinds(10), [dropReasons.driverLate]: 1 } }),
  )
  expect(Object.keys(errorKinds)).toHaveLength(18)
  expect(errorKinds).toMatchObject({ E0: 100, E10: 180, E11: 178, [dropReasons.driverLate]: 1 })
  const all = Object.values(errorKinds).reduce((a, b) => a + b, 0)
  const sent = [kinds(0), kinds(10)].flatMap((one) => Object.values(one))
  expect(all).toBe(sent.reduce((a, b) => a + b, 0) + 4)
})

test('a p99 over time is that of all requests of its slice, not an average of p99s', () => {
  const timeline = (record: (to: TimelineRecorder) => void) => {
    const own = timelineRecorder({ binSeconds: 0.1, bins: 2, binsPerP99: 2 })
    own.open(0)
    record(own)
    return own.report()
  }
  const fast = timeline((to) => {
    for (let i = 0; i < 990; i++) to.record('ok', 0, 10)
  })
  const slow = timeline((to) => {
    for (let i = 0; i < 10; i++) to.record('ok', 0, 100)
    to.record('errors', 0, 150)
  })
  const { course } = merged(report({ course: fast }), report({ course: slow }))
  expect(course).toEqual({ ok: [990, 10], failed: [0, 1], p99: [expect.closeTo(0.1, 3)] })
  // Alone, the slow driver's p99 is a request without a response.
  expect(merged(report({ course: slow })).course?.p99).toEqual([null])
})

test('the report of a single driver stays as it is', () => {
  const alone = report({ window: { ...none, ok: 3 }, meanSeconds: 0.1 / 3, latency: encoded([7]) })
  expect(merged(alone)).toMatchObject(alone)
})

test('visits and their steps are sums, and the times of a step those of one driver', () => {
  const step = (micros: readonly number[], failed: Record<string, number>) => ({
    ...{ ok: micros.length, failed, latency: encoded(micros) },
    checks: { 'status is 200': { passed: micros.length, failed: 1 } },
  })
  const found = merged(
    report({ visits: { began: 3, finished: 2, cut: 1, steps: { a: step([10, 20], { x: 1 }) } } }),
    report({
      visits: {
        ...{ began: 4, finished: 4, cut: 0 },
        steps: { a: step([30], { x: 2, y: 1 }), b: step([5], {}) },
      },
    }),
  )
  expect(found.visits).toEqual({
    ...{ began: 7, finished: 6, cut: 1 },
    steps: {
      a: {
        ...{ ok: 3, failed: { x: 3, y: 1 }, latency: encoded([10, 20, 30]) },
        checks: { 'status is 200': { passed: 3, failed: 2 } },
      },
      b: step([5], {}),
    },
  })
  expect(merged(report(), report()).visits).toBeUndefined()
})
