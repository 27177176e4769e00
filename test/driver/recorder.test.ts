import { expect, test } from 'vitest'
import { dropReasons } from '../../src/driver/driver.ts'
import { recorder } from '../../src/driver/recorder.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'

test('the total has all requests, the window those that belong to it', () => {
  const outcomes = recorder()
  for (const inWindow of [false, true, true]) {
    const request = { dueMs: performance.now(), inWindow }
    const after = (ms: number) => request.dueMs + ms
    outcomes.completed(200, request, after(1))
    outcomes.completed(404, request, after(2))
    outcomes.failed('ECONNRESET', request, after(3))
    outcomes.timedOut(request, after(10))
    outcomes.dropped(dropReasons.tooManyInFlight, request)
  }
  const report = outcomes.report()
  expect(report.total).toEqual({ ok: 3, non2xx: 3, errors: 3, timeouts: 3, dropped: 3 })
  expect(report.window).toEqual({ ok: 2, non2xx: 2, errors: 2, timeouts: 2, dropped: 2 })
  // A quick failure is no quick response: histogram and mean of responses have those with a 2xx status only. The mean of
  // Little's law has all that were sent.
  expect(decode(report.latency).count).toBe(2)
  expect(report.okMeanSeconds).toBeCloseTo(0.001, 12)
  expect(report.meanSeconds).toBeCloseTo((0.001 + 0.002 + 0.003 + 0.01) / 4, 12)
  expect(report.errorKinds).toEqual({
    'status 404': 3,
    ECONNRESET: 3,
    'timed out': 3,
    [dropReasons.tooManyInFlight]: 3,
  })
  expect(report.bins.reduce((sum, count) => sum + count, 0)).toBe(6)
})

test('of a request that was sent before the window only the time in it counts for the law of Little', () => {
  const outcomes = recorder()
  const openedMs = performance.now()
  outcomes.opened(openedMs)
  outcomes.completed(200, { dueMs: openedMs - 1000, inWindow: true }, openedMs + 10)
  const report = outcomes.report()
  expect(report.meanSeconds).toBeCloseTo(0.01, 12)
  expect(report.okMeanSeconds).toBeCloseTo(1.01, 12)
})

test('where nothing succeeded there is no mean of responses', () => {
  const outcomes = recorder()
  outcomes.completed(503, { dueMs: 0, inWindow: true }, 1)
  expect(outcomes.report()).not.toHaveProperty('okMeanSeconds')
})

test('the first 16 kinds of failure are counted one by one, the others together', () => {
  const outcomes = recorder()
  for (let i = 0; i < 100; i++) outcomes.failed(`E${i}`, { dueMs: 0, inWindow: true }, 0)
  const { errorKinds } = outcomes.report()
  expect(Object.keys(errorKinds)).toHaveLength(17)
  expect(errorKinds).toMatchObject({ E0: 1, E15: 1, other: 84 })
})

test('the reason why requests were not sent is never among the others: verdicts depend on it', () => {
  const outcomes = recorder()
  const request = { dueMs: 0, inWindow: true }
  for (let i = 0; i < 100; i++) outcomes.failed(`E${i}`, request, 0)
  outcomes.dropped(dropReasons.driverLate, request)
  expect(outcomes.report().errorKinds).toMatchObject({ [dropReasons.driverLate]: 1 })
})

test('without requests the mean is 0', () => {
  expect(recorder().report().meanSeconds).toBe(0)
})
