import { expect, test } from 'vitest'
import { followLoad } from '../../src/app/load-state.ts'
import type { LoadSample } from '../../src/result/load-sample.ts'
import { histogram } from '../../src/stats/histogram/histogram.ts'

/** An encoded histogram of these times in ms. */
const times = (...ms: number[]) => {
  const all = histogram()
  for (const one of ms) all.record(one * 1e3)
  return all.encode()
}
const none = { ok: 0, failed: {}, checks: { passed: 0, failed: 0 }, latency: '' }
const sample = (atMs: number, changes: Partial<LoadSample> = {}): LoadSample => ({
  ...{ atMs, stage: 0, planned: 10, sent: 10, ...none, ok: 10, steps: {} },
  ...changes,
})

const plan = {
  stages: [
    { name: 'ramp', seconds: 2, model: 'open', from: 0, to: 100 },
    { name: 'hold', seconds: 8, model: 'closed', from: 50, to: 50 },
  ],
  thresholds: ['p99 < 100ms @ hold'],
} as const

function follow({ timed = false } = {}) {
  let nowMs = 5000
  const controller = new AbortController()
  const follower = followLoad(plan, {
    ...{ title: 'lb load  shop', signal: controller.signal, timed },
    now: () => nowMs,
  })
  return { follower, controller, wait: (ms: number) => (nowMs += ms) }
}

test('before the first sample nothing has begun', () => {
  const { follower } = follow()
  expect(follower.state()).toMatchObject({
    ...{ elapsed: 0, left: 10, stage: undefined, seconds: [], requests: 0, limits: '' },
    thresholds: [{ text: 'p99 < 100ms @ hold', state: 'pending', detail: '' }],
  })
})

test('samples become seconds: visits are summed, users are a level, percentiles are of merged histograms', () => {
  const { follower, wait } = follow()
  for (let i = 1; i <= 10; i++) {
    const latency = i === 10 ? times(1, 1, 1, 500) : times(1, 1, 1, 1)
    follower.sample(sample(100 * i, { latency, failed: i === 3 ? { 'status 500': 2 } : {} }))
  }
  for (let i = 1; i <= 10; i++) {
    follower.sample(sample(1000 + 100 * i, { stage: 1, planned: 50, sent: 49 }))
  }
  follower.sample(sample(2100, { stage: 1, planned: 50, sent: 50 }))
  wait(400)
  const { seconds, stage, elapsed, left, requests, failures } = follower.state()
  expect(seconds).toMatchObject([
    { model: 'open', planned: 100, sent: 100, responses: 102 },
    { model: 'closed', planned: 50, sent: 49, responses: 100, p99: null },
  ])
  expect(seconds[0]?.p50).toBeCloseTo(0.001, 5)
  expect(seconds[0]?.p99).toBeCloseTo(0.5, 2)
  expect([elapsed, left]).toEqual([2.5, 7.5])
  expect(stage).toEqual({ name: 'hold', number: 2, of: 2, left: 7.5 })
  expect([requests, failures]).toEqual([212, { 'status 500': 2 }])
})

test('checks are counted by step, and thresholds stand where they are judged', () => {
  const { follower } = follow()
  const step = (passed: number, failed: number) => ({ ...none, checks: { passed, failed } })
  follower.sample(sample(100, { steps: { list: step(5, 1), cart: step(0, 0) } }))
  follower.sample(sample(200, { steps: { list: step(2, 0), cart: step(3, 0) } }))
  follower.judged([{ text: 'p99 < 100ms @ hold', state: 'fail', detail: 'p99 140 ms' }])
  const { checks, thresholds } = follower.state()
  expect(checks).toEqual([
    { name: 'list', passed: 7, failed: 1 },
    { name: 'cart', passed: 3, failed: 0 },
  ])
  expect(thresholds[0]?.state).toBe('fail')
})

test('times of a step are those of its samples together, where they are followed', () => {
  const { follower } = follow({ timed: true })
  const step = (...ms: number[]) => ({ ...none, ok: ms.length, latency: times(...ms) })
  follower.sample(sample(100, { steps: { list: step(1, 1, 1), cart: none } }))
  follower.sample(sample(200, { steps: { list: step(40) } }))
  const [list, cart] = follower.steps()
  expect([list?.times?.percentile(50), list?.times?.percentile(99)]).toEqual([
    expect.closeTo(1000, -1),
    expect.closeTo(40_000, -2),
  ])
  expect(cart?.times?.count).toBe(0)
  const other = follow().follower
  other.sample(sample(100, { steps: { list: step(1) } }))
  expect(other.steps()[0]?.times).toBeUndefined()
})

test('a load that is not sent as planned says so', () => {
  const { follower } = follow()
  for (let i = 1; i <= 21; i++) follower.sample(sample(100 * i, { sent: 8 }))
  expect(follower.state().limits).toBe('80 % of the planned visits were begun in the last 2 s')
  const other = follow().follower
  other.sample(sample(100, { failed: { 'not-sent-target-refuses': 1 } }))
  expect(other.state().limits).toBe('requests were not sent: target refuses')
})

test('only the last minute is kept, and an interruption is seen', () => {
  const { follower, controller } = follow()
  for (let i = 1; i <= 100; i++) follower.sample(sample(1000 * i))
  expect(follower.state().seconds).toHaveLength(60)
  controller.abort()
  expect(follower.state().isStopping).toBe(true)
})
