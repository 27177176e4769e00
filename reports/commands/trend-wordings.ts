import { plural } from '../../src/kit/plural.ts'
import { percent } from '../../src/kit/units.ts'
import type { ReproducedTable, RowOrder, TableNote } from '../../src/result/reproduction.ts'
import type { OrderReason } from '../../src/result/trend-reason.ts'
import { reasonWords } from '../sections/reasons.ts'

type Wordings<Reason extends { code: string; values: unknown }> = {
  readonly [Code in Reason['code']]: (values: Extract<Reason, { code: Code }>['values']) => string
}

const reasons: Wordings<OrderReason> = {
  'one-arm': () => 'both rows are measured as one arm here',
  'not-measured': ({ row }) => `${row} was not measured`,
  'beyond-host': ({ cores }) => `this host has fewer than ${plural(cores, 'core')}`,
  'no-valid-trial': ({ row }) => `${row} has no valid trial`,
  'other-bottleneck': ({ row, bottleneck }) =>
    bottleneck === 'none'
      ? `${row} had no bottleneck`
      : `the bottleneck of ${row} was the ${bottleneck}`,
  'cpu-saturated': ({ row }) => `${row} used all its CPU, as any target does at saturation`,
  'cpus-shared': ({ row }) => `${row} shared its CPUs with driver and backends`,
  'no-pairs': () => 'fewer than two blocks have a valid trial of both',
  'too-few-pairs': (values) => reasonWords({ code: 'too-few-pairs', values }),
  reversed: () => 'reversed',
  'within-margin': ({ margin }) => `the same within ${percent(margin)}`,
  indistinguishable: () => 'not distinguishable',
}

/** A reason as a clause without a full stop. */
export function trendReasonWords({ code, values }: OrderReason): string {
  // Values of one code belong to its wording, which the type of a union of functions cannot express.
  return (reasons[code] as (values: OrderReason['values']) => string)(values)
}

const notes: Wordings<TableNote> = {
  'cores-differ': ({ documented, measured }) =>
    `Documented on ${documented.join(', ')} cores and measured on ${measured.join(', ')}: only the trend is comparable.`,
  'judged-by-cpu-time': () =>
    'At saturation a balancer uses all its CPU: the rows are judged by CPU time per request, share × cores ÷ throughput.',
}

/** The notes below a table: its order, what qualifies it, why rows have no outcome, and the marks. */
export function tableNotes({ rows, order, notes }: ReproducedTable): string[] {
  const isMarked = (validity: string) => rows.some((row) => row.validity === validity)
  return [
    ...(order ? [orderWords(order)] : []),
    ...notes.map(noteWords),
    ...new Set(rows.flatMap(({ trend }) => reasonNote(trend))),
    ...(isMarked('oversubscribed')
      ? [
          '† Oversubscribed: more workers than this host has cores, so not judged. Projected: the upper bound from the CPU time per request.',
        ]
      : []),
    ...(rows.some(({ isLowerBound }) => isLowerBound)
      ? ['≥ Lower bound: the target was not the bottleneck.']
      : []),
  ]
}

function noteWords({ code, values }: TableNote): string {
  return (notes[code] as (values: TableNote['values']) => string)(values)
}

/** Rows beyond the cores of the host have a mark of their own. */
function reasonNote(trend: ReproducedTable['rows'][number]['trend']): string[] {
  const reason = trend?.reason
  if (reason === undefined || reason.code === 'beyond-host') return []
  const outcome = trend?.outcome === 'not judged' ? 'Not judged' : 'Inconclusive'
  return [`${outcome}: ${trendReasonWords(reason)}.`]
}

function orderWords({ outcome, documented, margin, pairs }: RowOrder): string {
  const rows = documented.flatMap(({ row, next }) => [row, ...(next ? [next] : [])]).join(' ')
  const why =
    pairs.length === 0
      ? [`no two rows are documented more than ${percent(margin)} apart`]
      : groupedPairs(pairs)
  return `Order, documented ${rows}: ${outcome}${why.length === 0 ? '' : ` (${why.join('; ')})`}.`
}

/** Pairs with one reason share a clause: `A and B, C and D: reversed`. */
function groupedPairs(pairs: RowOrder['pairs']): string[] {
  const open = pairs.flatMap(({ more, less, reason }) =>
    reason === undefined ? [] : [{ names: `${more} and ${less}`, words: trendReasonWords(reason) }],
  )
  return [...Map.groupBy(open, ({ words }) => words)].map(
    ([words, group]) => `${group.map(({ names }) => names).join(', ')}: ${words}`,
  )
}
