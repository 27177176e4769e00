import type { RenderOptions } from '../../../src/kit/render-options.ts'
import { wrap } from '../../../src/kit/wrap.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { aligned, alignedWidth, type Cell } from '../../layout/aligned.ts'
import { clock } from '../../layout/clock.ts'
import { droppedNote } from '../../layout/dropped-note.ts'
import { rightAligned } from '../../layout/right-aligned.ts'
import { type Palette, type Terminal, terminal } from '../../layout/terminal.ts'
import { doctorCommand } from '../../sections/doctor-command.ts'
import {
  type LoadTable,
  loadAnswer,
  loadFacts,
  loadTitle,
  stageTable,
  stepTables,
} from '../../sections/load/load-words.ts'

/** Columns beyond which prose is hard to read, and of the name in front of a fact. */
const [widestProse, nameWidth] = [100, 12]
/** Lines of a fact on one screen. */
const mostLines = 5

/** A load test on one screen: whether it held, its stages, its steps, and what failed. */
export function loadScreen(result: LoadResult, options: RenderOptions): string {
  const on = terminal(options)
  const { paint } = on
  const width = Math.min(options.width ?? 80, widestProse)
  const { sentences, tone } = loadAnswer(result)
  const head = rightAligned(
    paint.plain(`lb load  ${loadTitle(result)}`),
    clock(result.seconds),
    width,
  )
  const parts = [
    paint.strong(head),
    wrap(paint.plain(sentences.join(' ')), width)
      .split('\n')
      .map((line) => paint.strong(paint[tone](line)))
      .join('\n'),
    fittedLines(stageTable(result), on).join('\n'),
    ...stepTables(result, options.full ?? false).map((table) =>
      [paint.strong(paint.plain(table.title)), ...fittedLines(table, on)].join('\n'),
    ),
    factLines(result, options, width).join('\n'),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** Whether requests failed, or visits were not sent. */
function needsDoctor({ stages }: LoadResult): boolean {
  return stages.some(
    ({ notSent, steps }) =>
      Object.keys(notSent).length > 0 ||
      Object.values(steps).some(({ failed }) => Object.keys(failed).length > 0),
  )
}

/** Columns to leave out on a narrow terminal, one after another: p99 and what failed stay. */
const dropOrder = ['p95', 'p50', 'checks', 'time']

/** A table without the columns that there is no room for, and a note that names them. */
function fittedLines(table: LoadTable, on: Terminal): string[] {
  const width = on.options.width ?? Number.POSITIVE_INFINITY
  const tries = [[], ...dropOrder.map((_, i) => dropOrder.slice(0, i + 1))]
  const lines = (gone: readonly string[]) => tableLines(without(table, gone), on.paint)
  const gone =
    tries.find(
      (one) => alignedWidth(cellsOf(without(table, one), on.paint), table.head.length) <= width,
    ) ?? dropOrder
  const left = gone.filter((name) => table.head.includes(name))
  const notes = left.length === 0 ? [] : [droppedNote(left, width)]
  return [
    ...lines(gone),
    ...notes.map((note) => on.paint.faint(wrap(on.paint.plain(note), width, 2))),
  ]
}

function without(table: LoadTable, names: readonly string[]): LoadTable {
  const isKept = (_: string, i: number) => !names.includes(table.head[i] ?? '')
  return {
    ...table,
    head: table.head.filter(isKept),
    rows: table.rows.map((row) => row.filter(isKept)),
  }
}

function tableLines(table: LoadTable, paint: Palette): string[] {
  return aligned(
    cellsOf(table, paint),
    table.head.map((_, i) => (i === 0 ? 'left' : 'right')),
  )
}

function cellsOf({ head, rows, bad }: LoadTable, paint: Palette): Cell[][] {
  const cells = rows.map((row, i) =>
    row.map(
      (text): Cell => ({
        text: paint.plain(text),
        paint: bad.includes(i) ? paint.bad : undefined,
      }),
    ),
  )
  return [head.map((text): Cell => ({ text, paint: paint.strong })), ...cells]
}

function factLines(result: LoadResult, options: RenderOptions, width: number): string[] {
  const { paint } = terminal(options)
  const facts = [
    ...loadFacts(result),
    ...(needsDoctor(result)
      ? [
          {
            name: 'Next',
            lines: [`${doctorCommand(undefined)}  # names what failed, and what to try`],
          },
        ]
      : []),
    { name: 'Details', lines: ['lb report --full, or as a page: lb report -o report.html'] },
  ]
  return facts.flatMap(({ name, lines }) => {
    const shown = options.full ? lines : lines.slice(0, mostLines)
    const left = lines.length - shown.length
    return [...shown, ...(left > 0 ? [`and ${left} more: --full`] : [])]
      .flatMap((line) => wrap(paint.plain(line), width - nameWidth, 2).split('\n'))
      .map((line, i) => {
        const label = i === 0 ? paint.strong(name) : ' '.repeat(name.length)
        return `${label}${' '.repeat(nameWidth - name.length)}${line}`
      })
  })
}
