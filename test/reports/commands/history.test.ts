import { expect, test } from 'vitest'
import { historyList, historySeries } from '../../../reports/commands/history.ts'
import { entryOf } from '../../../src/store/history-entry.ts'
import { seriesOf } from '../../../src/store/history-series.ts'
import { exampleResult } from '../../support/results/example-result.ts'

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

test('the list has one line per run, and names runs that cannot be read', () => {
  const text = historyList({ entries: runs, damaged: ['run-x'] }, look)
  expect(text).toMatch(/run-3 +default +1 +Example CPU/)
  expect(text).toContain('not readable: run-x')
})

test('an empty history names the command that stores a run', () => {
  expect(historyList({ entries: [], damaged: [] }, look)).toContain('lb bench --keep')
})

test('a metric has one line per run, and marks the run of a level shift', () => {
  const text = historySeries(seriesOf(runs, { metric: 'throughput' }), 'throughput', look)
  expect(text).toContain('throughput of round-robin ×1, default, capacity phase')
  const changed = text.split('\n').filter((line) => line.includes('from this run on'))
  expect(changed).toHaveLength(1)
  expect(changed[0]).toMatch(/^2026-03-15 12:00 +13,500 .*−10 % from this run on$/)
})

test.for([
  [1, 'Only 1 run so far: too few to see a level shift.'],
  [5, 'No level shift found (5 runs: low power).'],
] as const)('%i runs without a level shift: %s', ([count, words]) => {
  const series = seriesOf(runs.slice(0, count), { metric: 'throughput' })
  expect(historySeries(series, 'throughput', look)).toContain(words)
})

test('a metric that no run has is named', () => {
  expect(historySeries([], 'addedP99', look)).toContain('No stored run has added at p99')
})
