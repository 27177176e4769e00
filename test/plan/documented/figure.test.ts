import { expect, test } from 'vitest'
import { figure } from '../../../src/plan/documented/figure.ts'

test.for([
  ['15,000 req/s', 'throughput', 15_000, 0.5],
  ['~15k', 'throughput', 15_000, 500],
  ['1234567 rps', 'throughput', 1_234_567, 0.5],
  ['2.5ms', 'latencyMean', 0.0025, 0.00005],
  ['250 µs', 'latencyP99', 0.00025, 0.0000005],
  ['45 MB', 'rssMean', 45e6, 0.5e6],
  ['45 MiB', 'rssMean', 45 * 2 ** 20, 2 ** 19],
  ['35 %', 'cpuUsed', 0.35, 0.005],
  ['2.80 CPUs', 'cpuUsed', 2.8, 0.005],
] as const)(
  '%s of %s has a rounding error of half its last digit',
  ([text, metric, value, slack]) => {
    const found = figure(text, metric)
    expect(found?.value).toBeCloseTo(value, 12)
    expect(found?.slack).toBeCloseTo(slack, 12)
  },
)

test('a cell without a unit has the unit of its column', () => {
  expect(figure('2.5', 'latencyMean', 'ms')).toMatchObject({ text: '2.5 ms', value: 0.0025 })
  expect(figure('15,000', 'throughput')).toMatchObject({ text: '15,000 req/s' })
})

test.for([
  ['fast', 'throughput'],
  ['2.5', 'latencyMean'],
  ['2.5 ms', 'throughput'],
  ['45 Mb', 'rssMean'],
  ['1,50 req/s', 'throughput'],
  ['-3 req/s', 'throughput'],
  ['', 'throughput'],
] as const)('"%s" is not a value of %s', ([text, metric]) => {
  expect(figure(text, metric)).toBeUndefined()
})
