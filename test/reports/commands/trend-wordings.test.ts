import { expect, test } from 'vitest'
import { tableNotes, trendReasonWords } from '../../../reports/commands/trend-wordings.ts'
import type { ReproducedTable, RowOrder } from '../../../src/result/reproduction.ts'
import type { OrderReason } from '../../../src/result/trend-reason.ts'

test.for([
  [{ code: 'one-arm', values: {} }, 'both rows are measured as one arm here'],
  [{ code: 'not-measured', values: { row: 'A' } }, 'A was not measured'],
  [{ code: 'beyond-host', values: { cores: 8 } }, 'this host has fewer than 8 cores'],
  [{ code: 'no-valid-trial', values: { row: 'A' } }, 'A has no valid trial'],
  [
    { code: 'other-bottleneck', values: { row: 'A', bottleneck: 'driver' } },
    'the bottleneck of A was the driver',
  ],
  [{ code: 'other-bottleneck', values: { row: 'A', bottleneck: 'none' } }, 'A had no bottleneck'],
  [
    { code: 'cpu-saturated', values: { row: 'A' } },
    'A used all its CPU, as any target does at saturation',
  ],
  [{ code: 'cpus-shared', values: { row: 'A' } }, 'A shared its CPUs with driver and backends'],
  [{ code: 'no-pairs', values: {} }, 'fewer than two blocks have a valid trial of both'],
  [
    { code: 'too-few-pairs', values: { pairs: 3, needed: 6, confidence: 0.95 } },
    '3 pairs measured; a verdict at 95 % needs 6: --trials 6',
  ],
  [{ code: 'reversed', values: {} }, 'reversed'],
  [{ code: 'within-margin', values: { margin: 0.03 } }, 'the same within 3.0 %'],
  [{ code: 'indistinguishable', values: {} }, 'not distinguishable'],
] satisfies [OrderReason, string][])('$0.code is worded as "%s"', ([reason, words]) => {
  expect(trendReasonWords(reason as OrderReason)).toBe(words)
})

const row: ReproducedTable['rows'][number] = {
  name: 'A',
  documented: { text: '5 ms', value: 0.005 },
  documentedCores: 1,
  cores: 1,
  validity: 'valid',
  isLowerBound: false,
  unit: 'ms',
  divisor: 1e-3,
}
const table: ReproducedTable = {
  ...{ title: 'Latency', metric: 'latencyMean', kind: 'ratios', rows: [row], notes: [] },
}
const order: RowOrder = {
  outcome: 'differs',
  documented: [{ row: 'A', next: '>' }, { row: 'B', next: '≈' }, { row: 'C' }],
  margin: 0.03,
  pairs: [
    { more: 'A', less: 'B', outcome: 'differs', reason: { code: 'reversed', values: {} } },
    { more: 'A', less: 'C', outcome: 'differs', reason: { code: 'reversed', values: {} } },
    { more: 'A', less: 'D', outcome: 'agrees' },
  ],
}

test('pairs with one reason share a clause, and pairs that agree have none', () => {
  expect(tableNotes({ ...table, order })).toEqual([
    'Order, documented A > B ≈ C: differs (A and B, A and C: reversed).',
  ])
})

test('an order without pairs names the margin', () => {
  const none: RowOrder = { ...order, outcome: 'not judged', pairs: [] }
  expect(tableNotes({ ...table, order: none })).toEqual([
    'Order, documented A > B ≈ C: not judged (no two rows are documented more than 3.0 % apart).',
  ])
})

test('a reason is a note once, with the outcome that it explains', () => {
  const trend = { base: 'B', documented: 1 }
  const rows: ReproducedTable['rows'] = [
    {
      ...row,
      trend: { ...trend, outcome: 'not judged', reason: { code: 'no-pairs', values: {} } },
    },
    {
      ...row,
      trend: { ...trend, outcome: 'not judged', reason: { code: 'no-pairs', values: {} } },
    },
    {
      ...row,
      trend: {
        ...{ ...trend, outcome: 'inconclusive' },
        reason: { code: 'too-few-pairs', values: { pairs: 3, needed: 6, confidence: 0.95 } },
      },
    },
  ]
  expect(tableNotes({ ...table, rows })).toEqual([
    'Not judged: fewer than two blocks have a valid trial of both.',
    'Inconclusive: 3 pairs measured; a verdict at 95 % needs 6: --trials 6.',
  ])
})
