import { percent, quantity } from '../../src/kit/units.ts'
import type { Finding, ResultDocument } from '../../src/result/document.ts'
import type { TextTable } from '../layout/text-table.ts'
import { cores, type Phase, type Row, rowsOf } from './rows.ts'

/** Up to so many backends the share of each is shown; of more, the smallest and the largest. */
const mostShown = 4

type Balance = NonNullable<Finding['balance']>

/** A row whose backends were counted. */
interface Counted extends Row {
  readonly balance: Balance
}

/** How evenly each arm used the backends, by their counts; and the share of a slow one, where one is slow. */
export function balanceTables(document: ResultDocument): TextTable[] {
  const phases = ['capacity', 'latency'] as const
  const first = phases.find((phase) => countedRows(document, phase).length > 0)
  return phases.flatMap((phase) => {
    const rows = countedRows(document, phase)
    if (rows.length === 0) return []
    const { notes, ...table } = evenness(document, phase, rows)
    return [{ ...table, notes: phase === first ? notes : [] }, ...slowBackend(phase, rows)]
  })
}

function countedRows(document: ResultDocument, phase: Phase): Counted[] {
  return rowsOf(document, phase).flatMap((row) => {
    const { balance } = row.finding
    return balance === undefined ? [] : [{ ...row, balance }]
  })
}

function evenness(document: ResultDocument, phase: Phase, rows: readonly Counted[]): TextTable {
  const weights = document.plan.backends.map(({ weight }) => weight)
  return {
    title: `Balance ${when(phase)}: share of each backend`,
    head: ['algorithm', 'cores', 'shares in %', 'ideal', 'deviation', 'Jain'],
    rows: rows.map(({ balance, ...row }) => [
      row.label,
      cores(row),
      shares(row.finding.perBackend),
      balance.basis === 'weights' ? shares(weights) : 'equal',
      balance.maxDeviation === undefined ? '∞' : percent(balance.maxDeviation),
      balance.fairness.toFixed(3),
    ]),
    dropOrder: [['ideal'], ['ideal', 'Jain']],
    notes: [
      'Deviation: the largest, relative to the ideal share. Jain’s fairness index: 1 is fair; 1/n means that one of n backends got all.',
    ],
  }
}

function slowBackend(phase: Phase, rows: readonly Counted[]): TextTable[] {
  const slow = rows.flatMap(({ balance: { slowest }, ...row }) =>
    slowest === undefined ? [] : [{ ...row, slowest, p99: row.finding.metrics.latencyP99?.center }],
  )
  const [first] = slow
  if (first === undefined) return []
  const lowest = Math.min(...slow.flatMap(({ p99 }) => p99 ?? []))
  const names = first.slowest.backends.map((i) => i + 1).join(', ')
  return [
    {
      title: `The slow backend ${when(phase)}: its share, and the p99`,
      head: ['algorithm', 'cores', 'share', 'p99', 'above the lowest'],
      rows: slow.map(({ slowest, p99, ...row }) => [
        row.label,
        cores(row),
        percent(slowest.share),
        p99 === undefined ? '–' : quantity(p99, 's'),
        p99 === undefined ? '–' : quantity(p99 - lowest, 's'),
      ]),
      notes: [
        `${first.slowest.backends.length === 1 ? 'Backend' : 'Backends'} ${names}: slowest; in proportion to speed the share would be ${percent(first.slowest.shareBySpeed)}.`,
      ],
    },
  ]
}

function when(phase: Phase): string {
  return phase === 'capacity' ? 'at capacity' : 'in the latency phase'
}

/** `33.3 33.3 33.3`, or `9.8 … 10.2` of many. */
function shares(amounts: readonly number[]): string {
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  const all = amounts.map((amount) => (total === 0 ? 0 : (100 * amount) / total))
  const shown = all.length > mostShown ? [Math.min(...all), '…', Math.max(...all)] : all
  return shown.map((one) => (typeof one === 'number' ? one.toFixed(1) : one)).join(' ')
}
