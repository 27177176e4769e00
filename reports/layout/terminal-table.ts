import { wrap } from '../../src/kit/wrap.ts'
import { droppedNote } from './dropped-note.ts'
import { grid, widthOf } from './grid.ts'
import type { Terminal } from './terminal.ts'
import type { TextTable } from './text-table.ts'

/** A table for a terminal, with as many of its columns as fit. */
export function terminalTable(table: TextTable, { options, paint }: Terminal): string {
  const { title, notes, dropOrder = [] } = table
  const tries = [[], ...dropOrder].map((gone) => ({ gone, text: drawn(table, gone, paint) }))
  const room = options.width ?? Number.POSITIVE_INFINITY
  const fits = tries.find(({ text }) => widthOf(text.split('\n')) <= room) ?? tries.at(-1)
  const gone = fits?.gone.filter((name) => table.head.includes(name)) ?? []
  const narrow = gone.length === 0 ? [] : [droppedNote(gone, options.width)]
  return [
    wrap(paint.plain(title), options.width).split('\n').map(paint.strong).join('\n'),
    '',
    fits?.text ?? '',
    ...[...notes, ...narrow].map((note) => paint.faint(wrap(paint.plain(note), options.width, 2))),
  ].join('\n')
}

function drawn(
  { head, rows }: TextTable,
  gone: readonly string[],
  paint: Terminal['paint'],
): string {
  const kept = head.flatMap((name, i) => (gone.includes(name) ? [] : [i]))
  const cells = (row: readonly string[]) => kept.map((i) => paint.plain(row[i] ?? ''))
  return grid({
    head: cells(head).map(paint.strong),
    rows: rows.map(cells),
    rule: paint.plain('─'),
  })
}
