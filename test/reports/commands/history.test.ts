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

test('the list begins with how many runs there are and from when, and ends with what to do with them', () => {
  const lines = historyList({ entries: runs, damaged: [] }, look).trimEnd().split('\n')
  expect(lines[0]).toBe('10 stored runs of default, 2026-03-10 to 2026-03-19.')
  expect(lines.at(-1)).toMatch(/^Next +lb history --metric throughput/)
})

test('an empty history names the command that stores a run', () => {
  expect(historyList({ entries: [], damaged: [] }, look)).toContain('lb bench --keep')
})

const full = { ...look, full: true }

test('with --full a metric has one line per run, and marks the run of a level shift', () => {
  const text = historySeries(seriesOf(runs, { metric: 'throughput' }), 'throughput', full)
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
  expect(historySeries(series, 'throughput', full)).toContain(words)
})

test('a metric that no run has is named', () => {
  expect(historySeries([], 'addedP99', look)).toContain('No stored run has added at p99')
})

test('on one screen an arm has one line: its newest value, its course, and since when it is at another level', () => {
  const text = historySeries(seriesOf(runs, { metric: 'throughput' }), 'throughput', look)
  expect(text).toMatch(/^Throughput of round-robin ×1 shifted by −10 % on 2026-03-15\.$/m)
  expect(text).toMatch(/^ {2}round-robin ×1 +13,500 req\/s +█{5}▇{5} +−10 % since 2026-03-15$/m)
})

test('without a shift the screen counts the runs', () => {
  const series = seriesOf(runs.slice(0, 5), { metric: 'throughput' })
  expect(historySeries(series, 'throughput', look)).toMatch(
    /^No level shift of throughput in 5 runs\.$/m,
  )
})

test('a long list has the newest runs, and counts the others', () => {
  const entries = Array.from({ length: 30 }, (_, i) => ({
    ...runs[0],
    id: `run-${i}`,
  })) as typeof runs
  const narrow = historyList({ entries, damaged: [] }, { ...look, width: 80 })
  expect(narrow).not.toMatch(/run-9 /)
  expect(narrow).toMatch(/run-29 +default +1$/m)
  expect(narrow).toContain('10 older runs: --full')
  expect(historyList({ entries, damaged: [] }, { ...look, full: true })).toMatch(/run-0 +default/)
})
