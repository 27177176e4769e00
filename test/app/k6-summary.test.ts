import { expect, test } from 'vitest'
import { k6Summary } from '../../src/app/k6-summary.ts'
import type { LoadResult } from '../../src/result/schemas/load.ts'
import { histogram } from '../../src/stats/histogram/histogram.ts'

const timesOf = (ms: readonly number[]) => {
  const times = histogram()
  for (const one of ms) times.record(one * 1e3)
  return times.encode()
}

test('handleSummary gets the figures of the run by the names of k6, times in milliseconds', () => {
  const step = {
    ...{ ok: 4, failed: { 'status 500': 1 }, latency: timesOf([10, 20, 30, 40]) },
    checks: { 'is fine': { passed: 3, failed: 1 } },
  }
  const result = {
    seconds: 10,
    stages: [
      { visits: 2, steps: { list: step } },
      { visits: 1, steps: {} },
    ],
    metrics: {
      orders: { kind: 'counter', count: 2, sum: 5, last: 3 },
      wrong: { kind: 'rate', count: 4, sum: 1, last: 0 },
      size: { kind: 'gauge', count: 4, sum: 9, last: 7 },
      waiting: { kind: 'trend', count: 1, sum: 8, last: 8, trend: timesOf([8]) },
    },
  } as unknown as LoadResult
  const { metrics, root_group, state } = k6Summary(result)
  expect(state.testRunDurationMs).toBe(10_000)
  expect(metrics.http_reqs?.values).toEqual({ count: 5, rate: 0.5 })
  expect(metrics.http_req_failed?.values).toEqual({ rate: 0.2, passes: 1, fails: 4 })
  expect(metrics.iterations?.values).toEqual({ count: 3, rate: 0.3 })
  expect(metrics.checks?.values).toEqual({ rate: 0.75, passes: 3, fails: 1 })
  expect(metrics.http_req_duration).toMatchObject({ type: 'trend', contains: 'time' })
  expect(metrics.http_req_duration?.values.avg).toBeCloseTo(25, 1)
  expect(metrics.http_req_duration?.values['p(95)']).toBeCloseTo(40, 1)
  expect(metrics.orders?.values).toEqual({ count: 5, rate: 0.5 })
  expect(metrics.wrong?.values).toEqual({ rate: 0.25, passes: 1, fails: 3 })
  expect(metrics.size?.values).toEqual({ value: 7 })
  expect(metrics.waiting?.values.max).toBeCloseTo(8, 1)
  expect(root_group.checks).toEqual([{ name: 'is fine', passes: 3, fails: 1 }])
})
