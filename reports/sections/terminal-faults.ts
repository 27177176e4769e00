import { wrap, wrapName } from '../../src/kit/wrap.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { grid, widthOf } from '../layout/grid.ts'
import type { Terminal } from '../layout/terminal.ts'
import { type FaultsTable, faultsTable } from './faults.ts'
import { timelines } from './timeline.ts'

/** Characters of a name before it is broken. */
const nameWidth = 26

/** Columns to leave out on a narrow terminal, one after another: see FaultsTable. */
const dropOrder = ['share', 'max p99']

/**
 * The faults of a result for a terminal: their effects, and the timeline of each arm's window. `brief`: what a screen has space
 * for.
 */
export function terminalFaults(
  document: ResultDocument,
  on: Terminal,
  { brief = false }: { readonly brief?: boolean } = {},
): string[] {
  const found = faultsTable(document)
  if (found === undefined) return []
  const { options, paint } = on
  const small = (note: string) => paint.faint(wrap(paint.plain(note), options.width, 2))
  const { timelines: drawings, notes } = timelines(document, { brief })
  const lines = drawings.flatMap(({ name, lines: drawn }) => [
    ...(brief ? [] : ['']),
    paint.strong(paint.plain(name)),
    ...drawn.map((one) => `  ${paint.plain(one)}`),
  ])
  return [
    [
      paint.strong(paint.plain(found.title)),
      ...(brief ? [] : ['']),
      ...found.faults.map((fault) => wrap(paint.plain(fault), options.width, 3)),
      '',
      fitted(found, on),
      ...(brief ? found.briefNotes : found.notes).map(small),
    ].join('\n'),
    [paint.strong('Timeline of each window'), ...lines, ...notes.map(small)].join('\n'),
  ]
}

function fitted(found: FaultsTable, on: Terminal): string {
  const room = on.options.width ?? Number.POSITIVE_INFINITY
  const tries = [0, 1, 2].map((gone) => draw(found, dropOrder.slice(0, gone), on))
  return tries.find((text) => widthOf(text.split('\n')) <= room) ?? tries.at(-1) ?? ''
}

function draw({ head, rows }: FaultsTable, gone: readonly string[], { paint }: Terminal): string {
  const kept = head.flatMap(({ text }, i) => (gone.includes(text) ? [] : [i]))
  const { plain, strong, faint } = paint
  return grid({
    head: kept.map((i) => stacked(head[i], strong, faint, plain)),
    rows: rows.map((row) =>
      kept.map((i) =>
        i === 0
          ? wrapName(plain(row[i]?.text ?? ''), nameWidth)
          : stacked(row[i], (text) => text, faint, plain),
      ),
    ),
    rule: plain('─'),
  })
}

type Paint = (text: string) => string

function stacked(
  cell: FaultsTable['head'][number] | undefined,
  paint: Paint,
  faint: Paint,
  plain: Paint,
): string {
  const { text = '', below = '' } = cell ?? {}
  return below === '' ? paint(plain(text)) : `${paint(plain(text))}\n${faint(plain(below))}`
}
