import { expect, test } from 'vitest'
import { mergeTimelines } from '../../src/driver/fleet/merge-timelines.ts'
import { timelineRecorder } from '../../src/driver/timeline.ts'

const bins = { binSeconds: 0.1, bins: 4, binsPerP99: 2 }

test('each request is in the bin in which it ended, by its outcome', () => {
  const timeline = timelineRecorder(bins)
  timeline.open(1000)
  timeline.record('ok', 990, 1000)
  timeline.record('ok', 1000, 1099.9)
  timeline.record('non2xx', 1000, 1150)
  for (const kind of ['errors', 'timeouts', 'dropped'] as const) timeline.record(kind, 1300, 1300)
  expect(timeline.report()).toMatchObject({ ok: [2, 0, 0, 0], failed: [0, 1, 0, 3] })
})

test('requests that end before the window opens, or after it closes, are ignored', () => {
  const timeline = timelineRecorder(bins)
  timeline.record('ok', 0, 500)
  timeline.open(1000)
  timeline.record('ok', 990, 999.9)
  timeline.record('ok', 1000, 1400)
  const merged = mergeTimelines([timeline.report()])
  expect(merged).toEqual({ ok: [0, 0, 0, 0], failed: [0, 0, 0, 0], p99: [null, null] })
})

test('p99 is that of a slice; requests without a response are slower than any', () => {
  const timeline = timelineRecorder(bins)
  timeline.open(0)
  for (let i = 0; i < 199; i++) timeline.record('ok', 0, 10)
  timeline.record('timeouts', 0, 10)
  for (let i = 0; i < 98; i++) timeline.record('ok', 200, 220)
  for (let i = 0; i < 2; i++) timeline.record('errors', 200, 220)
  expect(mergeTimelines([timeline.report()]).p99).toEqual([expect.closeTo(0.01, 4), null])
})
