import { expect, test } from 'vitest'
import { historyList, historySeries } from '../../../reports/commands/history.ts'
import { entryOf } from '../../../src/store/history-entry.ts'
import { seriesOf } from '../../../src/store/history-series.ts'
import { exampleResult } from '../../support/result-document.ts'

const look = { width: undefined, colour: false, unicode: true }
const example = exampleResult()

const runs = [15_000, 15_020, 14_990, 15_010, 14_980, 13_500, 13_520, 13_490, 13_510, 13_480].map(
  (center, i) => ({
    ...entryOf(`run-${i}`, { ...example, createdAt: `2026-03-1${i}T12:00:00.000Z` }),
    findings: [
      { arm: 'round-robin ×1', phase: 'capacity' as const, metrics: { throughput: center } },
    ],
  }),
)

test('the list has a line a run, and names what cannot be read', () => {
  const text = historyList({ entries: runs, damaged: ['run-x'] }, look)
  expect(text).toMatch(/run-3 +default +1 +Example CPU/)
  expect(text).toContain('cannot be read: run-x')
})

test('an empty history says how to begin one', () => {
  expect(historyList({ entries: [], damaged: [] }, look)).toContain('lb bench --keep')
})

test('a metric has a line a run, and says from which on its level is another', () => {
  const text = historySeries(seriesOf(runs, { metric: 'throughput' }), 'throughput', look)
  expect(text).toContain('throughput of round-robin ×1, default, capacity phase')
  const changed = text.split('\n').filter((line) => line.includes('from here on'))
  expect(changed).toHaveLength(1)
  expect(changed[0]).toMatch(/^2026-03-15 12:00 +13,500 .*−10 % from here on$/)
})

test('a metric that no run has is no empty page', () => {
  expect(historySeries([], 'addedP99', look)).toContain('No run that was kept has added at p99')
})
