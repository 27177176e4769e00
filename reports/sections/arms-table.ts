import { wrap, wrapName } from '../../src/kit/wrap.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { droppedNote } from '../layout/dropped-note.ts'
import { grid, widthOf } from '../layout/grid.ts'
import type { Terminal } from '../layout/terminal.ts'
import { type Column, columns } from './columns.ts'
import { footnotes, heading, shown } from './footnotes.ts'
import { cores, type Phase, type Row, rowsOf } from './rows.ts'

/** The order in which columns are left out on a narrow terminal. */
const dropOrder: readonly MetricName[] = [
  'latencyMean',
  'cpuUsed',
  'rssMean',
  'addedP99',
  'latencyP50',
  'errorShare',
]

/** Characters of a name before it is wrapped, into the line of the spread. */
const nameWidths = [17, 12]

/** One phase as a table for a terminal, with its footnotes; nothing where the phase was not run. */
export function armsTable(document: ResultDocument, phase: Phase, on: Terminal): string[] {
  const { options, paint } = on
  const rows = rowsOf(document, phase)
  if (rows.length === 0) return []
  const { text, left } = fitted(rows, phase, on)
  const missing =
    left.length === 0
      ? []
      : [
          droppedNote(
            left.map((column) => column.heading),
            options.width,
          ),
        ]
  const notes = [...footnotes(document, phase), ...missing]
  const name = paint.strong(wrap(paint.plain(heading(document, phase)), options.width))
  const lines = notes.map((note) => paint.faint(wrap(paint.plain(note), options.width, 2)))
  return [[name, '', text, ...lines].join('\n')]
}

/** Wraps names, then leaves columns out, until the table fits. */
function fitted(rows: readonly Row[], phase: Phase, on: Terminal) {
  const room = on.options.width ?? Number.POSITIVE_INFINITY
  const all = columns(shown[phase], rows)
  const narrower = dropOrder.map((_, i) => dropOrder.slice(0, i + 1))
  const tries = [
    ...nameWidths.map((nameWidth) => ({ nameWidth, kept: all })),
    ...narrower.map((gone) => ({
      nameWidth: nameWidths.at(-1) ?? 0,
      kept: all.filter(({ metric }) => !gone.includes(metric)),
    })),
  ].map(({ nameWidth, kept }) => ({ kept, text: draw(rows, { kept, nameWidth }, on) }))
  const { kept, text } =
    tries.find((one) => widthOf(one.text.split('\n')) <= room) ??
    (tries.at(-1) as (typeof tries)[0])
  return { text, left: all.filter((column) => !kept.includes(column)) }
}

function draw(
  rows: readonly Row[],
  { kept, nameWidth }: { kept: readonly Column[]; nameWidth: number },
  { paint }: Terminal,
): string {
  const { plain, strong, faint } = paint
  return grid({
    head: [
      strong('algorithm'),
      strong('cores'),
      ...kept.map(({ heading: name, unit }) => `${strong(name)}\n${faint(plain(unit))}`),
    ],
    rows: rows.map((row) => [
      wrapName(row.label, nameWidth),
      plain(cores(row)),
      ...kept.map((column) => cell(row, column, paint)),
    ]),
    rule: plain('─'),
  })
}

function cell(row: Row, column: Column, { plain, bad, faint }: Terminal['paint']): string {
  const value = plain(column.cell(row))
  const failed = column.metric === 'errorShare' && value !== '0'
  const spread = plain(column.spread(row).replace(' ', ''))
  return [failed ? bad(value) : value, ...(spread === '' ? [] : [faint(spread)])].join('\n')
}
