import { expect, test } from 'vitest'
import { timelineRecorder } from '../../src/driver/timeline.ts'

const bins = { binSeconds: 0.1, bins: 4, binsPerP99: 2 }

test('each request stands in the bin in which it ended, by what became of it', () => {
  const kept = timelineRecorder(bins)
  kept.open(1000)
  kept.record('ok', 990, 1000)
  kept.record('ok', 1000, 1099.9)
  kept.record('non2xx', 1000, 1150)
  for (const kind of ['errors', 'timeouts', 'dropped'] as const) kept.record(kind, 1300, 1300)
  expect(kept.report()).toMatchObject({ ok: [2, 0, 0, 0], failed: [0, 1, 0, 3] })
})

test('what ends before the window opens, or after it closes, is passed over', () => {
  const kept = timelineRecorder(bins)
  kept.record('ok', 0, 500)
  kept.open(1000)
  kept.record('ok', 990, 999.9)
  kept.record('ok', 1000, 1400)
  expect(kept.report()).toEqual({ ok: [0, 0, 0, 0], failed: [0, 0, 0, 0], p99: [null, null] })
})

test('p99 is that of a slice; requests without an answer are slower than any', () => {
  const kept = timelineRecorder(bins)
  kept.open(0)
  for (let i = 0; i < 199; i++) kept.record('ok', 0, 10)
  kept.record('timeouts', 0, 10)
  for (let i = 0; i < 98; i++) kept.record('ok', 200, 220)
  for (let i = 0; i < 2; i++) kept.record('errors', 200, 220)
  expect(kept.report().p99).toEqual([expect.closeTo(0.01, 4), null])
})
