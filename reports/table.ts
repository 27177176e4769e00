import { wrap } from '../src/kit/wrap.ts'
import type { ResultDocument } from '../src/result/document.ts'
import { armsTable } from './arms-table.ts'
import { grid } from './grid.ts'
import type { Report } from './report.ts'
import { scalingTables } from './scaling.ts'
import { type Screen, screen } from './screen.ts'
import { caveats, difference, limitLines, load, machine, title } from './words.ts'

/** For a terminal: the figures, what limited each arm, and all that qualifies them. */
export const table: Report = {
  format: 'table',
  summary: 'for a terminal: the figures, what limited each arm, warnings',
  extension: '.txt',
  render(document, look) {
    const on = screen(look)
    const parts = [
      header(document, on),
      ...armsTable(document, 'capacity', on),
      ...armsTable(document, 'latency', on),
      ...list('What limited it', limitLines(document), on),
      ...list('Compared', comparisons(document), on),
      ...scaling(document, on),
      ...list('Gates', gates(document), on),
      ...list('Warnings', caveats(document), on),
    ]
    return `${parts.join('\n\n')}\n`
  },
}

function header(document: ResultDocument, { look, paint }: Screen): string {
  const lines = [`${title(document)}: ${load(document)}`, machine(document), document.placement]
  const [first = '', ...rest] = lines.map((line) => wrap(paint.plain(line), look.width))
  return [paint.strong(first), ...rest.map((line) => paint.faint(line))].join('\n')
}

function comparisons(document: ResultDocument): string[] {
  return document.comparisons.map(
    (comparison) => `${comparison.arm} against ${comparison.base}: ${difference(comparison)}`,
  )
}

function gates(document: ResultDocument): string[] {
  return document.gates.map(
    ({ rule, arm, state, because }) => `${state} ${rule}, ${arm}: ${because}`,
  )
}

function scaling(document: ResultDocument, { look, paint }: Screen): string[] {
  return scalingTables(document).map(({ title: name, head, rows, notes }) =>
    [
      paint.strong(paint.plain(name)),
      grid({
        head: head.map((cell) => paint.strong(paint.plain(cell))),
        rows: rows.map((row) => row.map((cell) => paint.plain(cell))),
        rule: paint.plain('─'),
      }),
      ...notes.map((note) => paint.faint(wrap(paint.plain(note), look.width, 2))),
    ].join('\n'),
  )
}

function list(name: string, items: readonly string[], { look, paint }: Screen): string[] {
  if (items.length === 0) return []
  const mark = name === 'Warnings' ? paint.careful : paint.strong
  const lines = items.map((item) => `  ${wrap(paint.plain(item), look.width && look.width - 2, 4)}`)
  return [[mark(name), ...lines].join('\n')]
}
