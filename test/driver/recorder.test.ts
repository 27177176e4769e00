import { expect, test } from 'vitest'
import { recorder } from '../../src/driver/recorder.ts'
import { decode } from '../../src/stats/histogram/histogram.ts'

test('everything is in the total, and in the window what belongs to it', () => {
  const book = recorder()
  for (const inWindow of [false, true, true]) {
    const request = { dueMs: performance.now(), inWindow }
    const after = (ms: number) => request.dueMs + ms
    book.completed(200, request, after(1))
    book.completed(404, request, after(2))
    book.failed('ECONNRESET', request, after(3))
    book.timedOut(request, after(10))
    book.dropped('not sent: too many in flight', request)
  }
  const report = book.report()
  expect(report.total).toEqual({ ok: 3, non2xx: 3, errors: 3, timeouts: 3, dropped: 3 })
  expect(report.window).toEqual({ ok: 2, non2xx: 2, errors: 2, timeouts: 2, dropped: 2 })
  // Answers only in the histogram; errors and time-outs too in the mean; what was never sent in neither.
  expect(decode(report.latency).count).toBe(4)
  expect(report.meanSeconds).toBeCloseTo((0.001 + 0.002 + 0.003 + 0.01) / 4, 12)
  expect(report.errorKinds).toEqual({
    'status 404': 3,
    ECONNRESET: 3,
    'timed out': 3,
    'not sent: too many in flight': 3,
  })
  expect(report.bins.reduce((sum, count) => sum + count, 0)).toBe(6)
})

test('tells the first kinds of trouble apart and counts the rest together', () => {
  const book = recorder()
  for (let i = 0; i < 100; i++) book.failed(`E${i}`, { dueMs: 0, inWindow: true }, 0)
  const { errorKinds } = book.report()
  expect(Object.keys(errorKinds)).toHaveLength(17)
  expect(errorKinds).toMatchObject({ E0: 1, E15: 1, other: 84 })
})

test('without requests the mean is 0', () => {
  expect(recorder().report().meanSeconds).toBe(0)
})
