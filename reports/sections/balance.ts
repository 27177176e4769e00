import { percent, quantity } from '../../src/kit/units.ts'
import type { Finding, ResultDocument } from '../../src/result/document.ts'
import { cores, type Phase, type Row, rowsOf } from './rows.ts'
import type { WordTable } from './word-table.ts'

/** Backends of which each has its share shown; of more, the least and the greatest. */
const mostShown = 4

type Balance = NonNullable<Finding['balance']>

/** A row whose backends were counted. */
interface Counted extends Row {
  readonly balance: Balance
}

/** How evenly each arm used the backends, by what these counted; and what a slow one got, where one is slow. */
export function balanceTables(document: ResultDocument): WordTable[] {
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

function evenness(document: ResultDocument, phase: Phase, rows: readonly Counted[]): WordTable {
  const weights = document.plan.backends.map(({ weight }) => weight)
  return {
    title: `Balance ${when(phase)}: what each backend got`,
    head: ['algorithm', 'cores', 'shares in %', 'ideal', 'off', 'Jain'],
    rows: rows.map(({ balance, ...row }) => [
      row.label,
      cores(row),
      shares(row.finding.perBackend),
      balance.basis === 'weights' ? shares(weights) : 'equal',
      balance.maxDeviation === undefined ? '∞' : percent(balance.maxDeviation),
      balance.fairness.toFixed(3),
    ]),
    givingWay: [['ideal'], ['ideal', 'Jain']],
    notes: [
      'Off: the share that lies farthest from its ideal, relative to that. Jain’s index: 1 is fair, 1/n all to one of n.',
    ],
  }
}

function slowBackend(phase: Phase, rows: readonly Counted[]): WordTable[] {
  const slow = rows.flatMap(({ balance: { slowest }, ...row }) =>
    slowest === undefined ? [] : [{ ...row, slowest, p99: row.finding.metrics.latencyP99?.center }],
  )
  const [first] = slow
  if (first === undefined) return []
  const lowest = Math.min(...slow.flatMap(({ p99 }) => p99 ?? []))
  const who = first.slowest.backends.map((i) => i + 1).join(', ')
  return [
    {
      title: `The slow backend ${when(phase)}: what it got, and the p99`,
      head: ['algorithm', 'cores', 'share', 'p99', 'more than the lowest'],
      rows: slow.map(({ slowest, p99, ...row }) => [
        row.label,
        cores(row),
        percent(slowest.share),
        p99 === undefined ? '–' : quantity(p99, 's'),
        p99 === undefined ? '–' : quantity(p99 - lowest, 's'),
      ]),
      notes: [
        `Backend ${who} is the slowest; its share would be ${percent(first.slowest.shareBySpeed)} if each got as much as it is fast.`,
      ],
    },
  ]
}

function when(phase: Phase): string {
  return phase === 'capacity' ? 'at saturation' : 'in the open loop'
}

/** `33.3 33.3 33.3`, or `9.8 … 10.2` of many. */
function shares(amounts: readonly number[]): string {
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  const all = amounts.map((amount) => (total === 0 ? 0 : (100 * amount) / total))
  const shown = all.length > mostShown ? [Math.min(...all), '…', Math.max(...all)] : all
  return shown.map((one) => (typeof one === 'number' ? one.toFixed(1) : one)).join(' ')
}
