import { wrap } from '../../src/kit/wrap.ts'
import type { WordTable } from '../sections/word-table.ts'
import { grid, widthOf } from './grid.ts'
import type { Screen } from './screen.ts'

/** A table of words for a terminal, with as many of its columns as there is room for. */
export function wordGrid(table: WordTable, { look, paint }: Screen): string {
  const { title, notes, givingWay = [] } = table
  const tries = [[], ...givingWay].map((gone) => ({ gone, text: drawn(table, gone, paint) }))
  const room = look.width ?? Number.POSITIVE_INFINITY
  const fits = tries.find(({ text }) => widthOf(text.split('\n')) <= room) ?? tries.at(-1)
  const gone = fits?.gone.filter((name) => table.head.includes(name)) ?? []
  const narrow = gone.length === 0 ? [] : [`Too narrow a screen for ${gone.join(', ')}.`]
  return [
    wrap(paint.plain(title), look.width).split('\n').map(paint.strong).join('\n'),
    '',
    fits?.text ?? '',
    ...[...notes, ...narrow].map((note) => paint.faint(wrap(paint.plain(note), look.width, 2))),
  ].join('\n')
}

function drawn({ head, rows }: WordTable, gone: readonly string[], paint: Screen['paint']): string {
  const kept = head.flatMap((name, i) => (gone.includes(name) ? [] : [i]))
  const cells = (row: readonly string[]) => kept.map((i) => paint.plain(row[i] ?? ''))
  return grid({
    head: cells(head).map(paint.strong),
    rows: rows.map(cells),
    rule: paint.plain('─'),
  })
}
