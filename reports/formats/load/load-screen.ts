import type { RenderOptions } from '../../../src/kit/render-options.ts'
import { wrap } from '../../../src/kit/wrap.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { aligned, type Cell } from '../../layout/aligned.ts'
import { clock } from '../../layout/clock.ts'
import { rightAligned } from '../../layout/right-aligned.ts'
import { type Palette, terminal } from '../../layout/terminal.ts'
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
  const { paint } = terminal(options)
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
    tableLines(stageTable(result), paint).join('\n'),
    ...stepTables(result, options.full ?? false).map((table) =>
      [paint.strong(paint.plain(table.title)), ...tableLines(table, paint)].join('\n'),
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

function tableLines({ head, rows, bad }: LoadTable, paint: Palette): string[] {
  const cells = rows.map((row, i) =>
    row.map(
      (text): Cell => ({
        text: paint.plain(text),
        paint: bad.includes(i) ? paint.bad : undefined,
      }),
    ),
  )
  return aligned(
    [head.map((text): Cell => ({ text, paint: paint.strong })), ...cells],
    head.map((_, i) => (i === 0 ? 'left' : 'right')),
  )
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
