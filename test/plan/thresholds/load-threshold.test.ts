import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadMetrics } from '../../../src/plan/thresholds/load-quantity.ts'
import { loadThreshold } from '../../../src/plan/thresholds/load-threshold.ts'

const names = {
  stages: [
    { name: 'ramp up', seconds: 60 },
    { name: 'hold', seconds: 300 },
  ],
  steps: ['list', 'GET /cart'],
  metrics: { waiting: 'trend', orders: 'counter', logins: 'rate', queue: 'gauge' },
} as const

const read = (text: string) => loadThreshold({ text, source: '--threshold' }, names)

test('windows are scaled as the stages are, and are a sample at the least', () => {
  const scaled = { ...names, stages: [{ name: 'hold', seconds: 15 }], timeScale: 0.05 }
  const over = (text: string) =>
    loadThreshold({ text: `errors < 1% over ${text}`, source: '--threshold' }, scaled).overSeconds
  expect([over('5s'), over('1s'), over('5m')]).toEqual([0.25, 0.1, 15])
  expect(() => over('6m')).toThrow('6m is longer than the run, of 15s, with --time-scale 0.05')
})

test.for([
  [
    'p99 < 100ms @ hold',
    { quantity: { kind: 'percentile', percent: 99 }, limit: 0.1, stages: [1] },
  ],
  ['p95 of list < 50ms', { quantity: { kind: 'percentile', percent: 95 }, step: 'list' }],
  ['p(90) of GET /cart <= 50ms', { comparison: '<=', step: 'GET /cart' }],
  ['p999 < 1s', { quantity: { kind: 'percentile', percent: 99.9 } }],
  ['median < 1s', { quantity: { kind: 'percentile', percent: 50 } }],
  ['checks > 99.9%', { quantity: { kind: 'checks' }, limit: 0.999 }],
  ['errors < 0.1% over 5s', { quantity: { kind: 'errors' }, limit: 0.001, overSeconds: 5 }],
  ['errors <= 0', { quantity: { kind: 'errors' }, limit: 0 }],
  ['rate > 95/s @ hold', { quantity: { kind: 'rate' }, limit: 95, comparison: '>' }],
  ['rate < 2000', { quantity: { kind: 'rate' }, comparison: '<' }],
  ['requests >= 10k', { quantity: { kind: 'requests' }, limit: 10_000 }],
  ['max < 1s @ ramp up, hold', { quantity: { kind: 'max' }, stages: [0, 1] }],
  ['avg < 20 ms', { quantity: { kind: 'mean' }, limit: 0.02 }],
  ['p95 of waiting < 300', { metric: 'waiting', limit: 300 }],
  ['p95 of waiting < 0.3s', { metric: 'waiting', limit: 300 }],
  ['orders > 10', { metric: 'orders', quantity: { kind: 'sum' } }],
  ['rate of logins > 95%', { metric: 'logins', quantity: { kind: 'passed' }, limit: 0.95 }],
  ['queue < 7', { metric: 'queue', quantity: { kind: 'value' }, limit: 7 }],
] as const)('%s', ([text, expected]) => {
  expect(read(text)).toMatchObject({ ...expected, text, abort: false })
})

test('! ends the run', () => {
  expect(read('p99 < 100ms @ hold !')).toMatchObject({ abort: true, text: 'p99 < 100ms @ hold !' })
})

describe('the part that is not valid is named with its column', () => {
  test.for([
    [
      'p99 < 100ms @ hodl',
      15,
      'no stage is called "hodl"',
      'did you mean hold? the stages are ramp up, hold',
    ],
    ['p95 of lits < 50ms', 8, 'no step and no metric is called "lits"', 'did you mean list?'],
    ['latency < 50ms', 1, 'unknown metric "latency"', 'the metrics are p99'],
    ['erors < 1%', 1, 'unknown metric "erors"', 'did you mean errors?'],
    ['p100 < 1s', 1, 'unknown metric "p100"', 'p99'],
    ['< 1s', 1, 'no metric', 'p99'],
    ['p99 100ms', 5, 'no < after p99', "write 'p99 < 100ms' in quotes"],
    ['p99 == 100ms', 5, '"==" is not a comparison', "write 'p99 < 100ms'"],
    ['p99 > 100ms', 5, 'a threshold of a load test states what must hold', "write 'p99 < 100ms'"],
    ['checks < 99%', 8, 'checks is better when it is higher', "write 'checks > 99%'"],
    ['p99 <', 6, 'no limit', '20ms'],
    ['p99 < 100', 7, '"100" is not a limit of p99', 'p99 < 100ms'],
    ['p99 < 100mss', 7, '"100mss" is not a limit of p99', '20ms'],
    ['p99 < +5%', 7, '"+5%" is not a limit of p99', '20ms'],
    ['checks > 99.9', 10, '"99.9" is not a limit of checks', 'checks > 99.9%'],
    ['errors < 0', 10, 'nothing is below 0', 'errors <= 0'],
    ['checks > 100%', 10, 'nothing is above 100 %', 'checks >= 100%'],
    ['errors < 1% over 50ms', 18, '"50ms" is shorter than a sample', '100ms'],
    ['errors < 1% over 7m', 18, '7m is longer than the run, of 360s', 'shorter'],
    ['errors < 1% over 2m @ ramp up', 18, '2m is longer than the stage, of 60s', 'shorter'],
    ['errors < 1% over 5', 18, '"5" is not a time', 'over 5s'],
    ['mean < 1s over 5s', 16, 'mean has no windows', 'percentiles'],
    ['rate > 9/s !', 12, '"!" cannot end a run on rate', 'leave "!" out'],
    ['waiting < 300', 1, '"waiting" is a trend with several figures', 'p95 of waiting'],
    ['orders > 3 @ hold', 14, 'orders is a metric of a script', 'leave "@" out'],
    ['sum of orders > 3', 1, '"sum" is no figure of a counter', 'count of orders'],
  ] as const)('%s', ([text, column, problem, remedy]) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining(`--threshold "${text}", column ${column}: `),
      }),
    )
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(problem),
        hint: expect.stringContaining(remedy),
      }),
    )
  })
})

test('the steps of code are not known before it runs: every name is one', () => {
  const code = { ...names, steps: undefined }
  const readCode = (text: string) => loadThreshold({ text, source: '--threshold' }, code)
  expect(readCode('p95 of "http://a/b?c=d" < 50ms')).toMatchObject({ step: 'http://a/b?c=d' })
  expect(readCode('p95 of waiting < 50')).toMatchObject({ metric: 'waiting' })
})

test('every metric and alias is in the documentation', () => {
  const documented = readFileSync('docs/reference/thresholds.md', 'utf8')
  for (const { name, aliases = [] } of loadMetrics) {
    for (const one of [name, ...aliases]) expect(documented).toContain(`\`${one}\``)
  }
})
