import { wrap, wrapName } from '../../src/kit/wrap.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { grid, widthOf } from '../layout/grid.ts'
import type { Screen } from '../layout/screen.ts'
import { type Column, columns } from './columns.ts'
import { footnotes, heading, shown } from './footnotes.ts'
import { cores, type Phase, type Row, rowsOf } from './rows.ts'

/** The order in which columns give way on a narrow screen. */
const givingWay: readonly MetricName[] = [
  'latencyMean',
  'cpuUsed',
  'rssMean',
  'addedP99',
  'latencyP50',
  'errorShare',
]

/** Characters of a name before it is broken into lines, which the line of the spread has room for. */
const nameWidths = [17, 12]

/** One phase as a table for a terminal, with its footnotes; nothing where the phase was not run. */
export function armsTable(document: ResultDocument, phase: Phase, on: Screen): string[] {
  const { look, paint } = on
  const rows = rowsOf(document, phase)
  if (rows.length === 0) return []
  const { text, left } = fitted(rows, phase, on)
  const missing =
    left.length === 0
      ? []
      : [`Too narrow a screen for ${left.map((column) => column.heading).join(', ')}.`]
  const notes = [...footnotes(document, phase), ...missing]
  const name = paint.strong(wrap(paint.plain(heading(document, phase)), look.width))
  const lines = notes.map((note) => paint.faint(wrap(paint.plain(note), look.width, 2)))
  return [[name, '', text, ...lines].join('\n')]
}

/** Breaks names, then drops columns, until the table fits. */
function fitted(rows: readonly Row[], phase: Phase, on: Screen) {
  const room = on.look.width ?? Number.POSITIVE_INFINITY
  const all = columns(shown[phase], rows)
  const narrower = givingWay.map((_, i) => givingWay.slice(0, i + 1))
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
  { paint }: Screen,
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

function cell(row: Row, column: Column, { plain, bad, faint }: Screen['paint']): string {
  const value = plain(column.cell(row))
  const failed = column.metric === 'errorShare' && value !== '0'
  const spread = plain(column.spread(row).replace(' ', ''))
  return [failed ? bad(value) : value, ...(spread === '' ? [] : [faint(spread)])].join('\n')
}
