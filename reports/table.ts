import { wrap } from '../src/kit/wrap.ts'
import type { ResultDocument } from '../src/result/document.ts'
import { againstSentences, againstTable, amongArms } from './against.ts'
import { armsTable } from './arms-table.ts'
import { grid, widthOf } from './grid.ts'
import type { PlainReport } from './report.ts'
import { scalingTables } from './scaling.ts'
import { type Screen, screen } from './screen.ts'
import { caveats, difference, limitLines, load, machine, title } from './words.ts'

/** For a terminal: the figures, what limited each arm, and all that qualifies them. */
export const table: PlainReport = {
  format: 'table',
  summary: 'for a terminal: the figures, what limited each arm, warnings',
  extension: '.txt',
  render(document, look) {
    const on = screen(look)
    const parts = [
      header(document, on),
      ...against(document, on),
      ...list('Gates', gates(document), on),
      ...armsTable(document, 'capacity', on),
      ...armsTable(document, 'latency', on),
      ...list('What limited it', limitLines(document), on),
      ...list('Compared', comparisons(document), on),
      ...scaling(document, on),
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

/** What came of a comparison with a base, and its figures, as many as there is room for. */
function against(document: ResultDocument, { look, paint }: Screen): string[] {
  const sentences = againstSentences(document).map((text) => wrap(paint.plain(text), look.width))
  const found = againstTable(document)
  if (found === undefined) return sentences.length === 0 ? [] : [sentences.join('\n')]
  const draw = (gone: readonly string[]) => {
    const kept = found.head.flatMap((name, i) => (gone.includes(name) ? [] : [i]))
    const cells = (row: readonly string[]) => kept.map((i) => paint.plain(row[i] ?? ''))
    return grid({
      head: cells(found.head).map(paint.strong),
      rows: found.rows.map(cells),
      rule: paint.plain('─'),
    })
  }
  const tries = [[], ['interval'], ['interval', 'base', 'now']].map(draw)
  const room = look.width ?? Number.POSITIVE_INFINITY
  const fitting = tries.find((text) => widthOf(text.split('\n')) <= room) ?? tries.at(-1) ?? ''
  const notes = found.notes.map((note) => paint.faint(wrap(paint.plain(note), look.width, 2)))
  const name = paint.strong(paint.plain(found.title))
  return [sentences.join('\n'), [name, '', fitting, ...notes].join('\n')]
}

function comparisons(document: ResultDocument): string[] {
  return amongArms(document).map(
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
