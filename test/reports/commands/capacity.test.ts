import { expect, test } from 'vitest'
import { capacityText } from '../../../reports/commands/capacity.ts'
import type { Capacity } from '../../../src/result/capacity.ts'

const look = { width: undefined, colour: false, unicode: true, full: true }
const found: Capacity = {
  arm: 'round-robin ×1',
  objectives: [
    { kind: 'percentile', percent: 99, seconds: 0.02 },
    { kind: 'errors', share: 0.001 },
  ],
  low: 7360,
  high: 7490,
  reason: 'goal width',
  driverLimit: 30_000,
  curve: [
    { rate: 500, met: 3, missed: 0, invalid: 1, p50: 0.0012, p99: 0.0031, failed: 0 },
    { rate: 7490, met: 0, missed: 5, invalid: 0, p50: 0.09, failed: 0.021 },
  ],
  trials: 31,
  seed: 7,
}
const text = (differs: Partial<Capacity> = {}) => capacityText({ ...found, ...differs }, look)
const without = (...names: (keyof Capacity)[]): Capacity =>
  Object.fromEntries(
    Object.entries(found).filter(([name]) => !names.includes(name as keyof Capacity)),
  ) as unknown as Capacity

test('the interval comes first, then why the search ended, then the curve', () => {
  const [headline, basis, why, empty] = text().split('\n')
  expect(headline).toBe('round-robin ×1 meets p99<20ms and errors<0.1% up to 7,360 … 7,490 req/s')
  expect(basis).toContain('most at the higher missed them; there is no interval')
  expect(why).toContain('rates down to half of it met the objectives as well')
  expect(empty).toBe('')
})

test('every rate of the search is a row; a percentile among the failed requests is a dash', () => {
  const rows = text()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/).filter(Boolean))
  expect(rows).toContainEqual([
    ...['500 req/s', '1.20 ms', '3.10 ms', '█'.repeat(14)],
    ...['0 %', '3', '0', '1'],
  ])
  expect(rows).toContainEqual(['7,490 req/s', '90.0 ms', '–', '2.1 %', '0', '5', '0'])
})

test('the last line counts the trials, and has the seed that repeats them', () => {
  expect(text()).toMatch(/\n\nTrials +31, 1 of them invalid; --seed 7 repeats them\n$/)
})

test.for([
  ['invalid trials', /^Next +lb selftest/m],
  ['time', /^Next +.*--max-time/m],
  ['out of reach', /^Next +.*--start/m],
] as const)('a search that ended by %s says what to do next', ([reason, next]) => {
  expect(text({ reason })).toMatch(next)
})

test('a search that lacked nothing has no next step', () => {
  expect(text()).not.toContain('Next')
})

test('an edge that was not found is not shown', () => {
  expect(capacityText({ ...without('high'), reason: 'rate limit' }, look)).toMatch(
    /up to at least 7,360 req\/s\nThe driver cannot send more/,
  )
  expect(capacityText({ ...without('low'), reason: 'out of reach' }, look)).toContain(
    'misses p99<20ms and errors<0.1% even at 7,490 req/s',
  )
  expect(capacityText({ ...without('low', 'high'), reason: 'invalid trials' }, look)).toMatch(
    /^No capacity of round-robin ×1 found .*\nStopped: three trials in a row were invalid/,
  )
})

test('an estimate comes first, with its interval and the number of trials behind it', () => {
  const estimate = { center: 7400, low: 7210, high: 7610, trials: 24 }
  const [headline, basis] = text({ estimate }).split('\n')
  expect(headline).toContain('up to 7,400 req/s (interval 7,210 … 7,610)')
  expect(basis).toContain('24 trials')
  expect(basis).toContain('9 of 10 searches')
})
