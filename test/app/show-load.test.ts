import { expect, test } from 'vitest'
import type { LivePage } from '../../src/app/live-page.ts'
import { showLoad } from '../../src/app/show-load.ts'
import type { ProgressView } from '../../src/cli/progress-view.ts'
import type { LiveHead, LiveMessage } from '../../src/live/live-message.ts'
import type { LoadSample } from '../../src/result/load-sample.ts'
import type { ThresholdOutcome } from '../../src/result/schemas/threshold-outcome.ts'

const plan = {
  stages: [
    { name: 'ramp', seconds: 1, model: 'open', from: 0, to: 100 },
    { name: 'users', seconds: 9, model: 'closed', from: 50, to: 50 },
  ],
  thresholds: ['p99 < 100ms'],
} as const
const counts = { ok: 8, failed: { 'status 500': 2 }, checks: { passed: 7, failed: 3 }, latency: '' }
const sample = (atMs: number, stage: number): LoadSample => ({
  ...{ atMs, stage, planned: 10, sent: 9, ...counts, steps: { 'GET /': counts } },
})

const outcome: ThresholdOutcome = {
  ...{ threshold: 'p99 < 100ms', outcome: 'inconclusive', why: 'around-limit' },
  ...{ unit: 's', limit: 0.1, value: 0.09, n: 100 },
}
const none = () => []

/** A load test whose views are only recorded. */
function shown() {
  const posted: LiveMessage[] = []
  let view: ProgressView | undefined
  const page = { post: (message: LiveMessage) => posted.push(message), seconds: () => 3 }
  const controller = new AbortController()
  const watcher = showLoad(
    plan,
    {
      progress: { show: (one: ProgressView) => (view = one), update() {} } as never,
      look: { width: undefined, colour: false, unicode: true },
      signal: controller.signal,
      page: page as unknown as LivePage,
    },
    'lb load  shop',
  )
  const heads = () => posted.flatMap(({ head }) => head ?? [])
  return { watcher, posted, heads, controller, view: () => view }
}

test('each sample is a point of the page: visits have a planned rate, users have none', () => {
  const { watcher, posted } = shown()
  watcher.onSamples([sample(1000, 0), sample(1000, 1)], none)
  watcher.onSamples([sample(1100, 1)], none)
  expect(posted.flatMap(({ points = [] }) => points)).toEqual([
    { at: 2.95, seconds: 1, planned: 10, sent: 9, done: 10, failed: 2, latency: '' },
    { at: 2.95, seconds: 0, done: 10, failed: 2, latency: '' },
    { at: 3.05, seconds: expect.closeTo(0.1), done: 10, failed: 2, latency: '' },
  ])
})

test('the head is posted twice a second, when it stops, and at the end, with the thresholds', () => {
  const { watcher, heads, controller, view } = shown()
  for (let i = 1; i <= 12; i++) {
    watcher.onSamples([sample(100 * i, i > 10 ? 1 : 0)], () => [outcome])
  }
  expect(heads().at(-1)?.thresholds).toEqual([
    { text: 'p99 < 100ms', state: 'pending', detail: '90.0 ms: the interval contains the limit' },
  ])
  expect(heads().map(({ table }) => table.rows[0]?.cells[0])).toEqual([undefined, '50', '100'])
  watcher.onEnd([{ ...outcome, outcome: 'fail', why: 'exact', value: 0.14 }])
  controller.abort()
  const last = heads().at(-1) as LiveHead
  expect(heads()).toHaveLength(5)
  expect(last).toMatchObject({
    ...{ title: 'lb load  shop', state: 'stopping', failures: { 'status 500': 24 } },
    current: 'stage 2 of 2: users',
    checks: [{ name: 'GET /', passed: 84, failed: 36 }],
    thresholds: [{ text: 'p99 < 100ms', state: 'fail', detail: '140 ms' }],
  })
  expect(last.table.rows[0]?.cells).toEqual([
    ...['120', expect.any(String), '–', '–', '–', '20 %', '30 %'],
  ])
  expect(view()?.line()).toContain('stage 2 of 2, users')
})
