import type { RenderOptions } from '../../src/kit/render-options.ts'
import { wrap, wrapName } from '../../src/kit/wrap.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { ReproducedTable, Reproduction } from '../../src/result/reproduction.ts'
import { grid } from '../layout/grid.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { bottleneckLines } from '../sections/bottlenecks.ts'
import { load, machine, placementLine } from '../sections/run-lines.ts'
import { warningLines } from '../sections/warnings.ts'
import { remarkWords } from './remark-wordings.ts'
import {
  measuredHeading,
  measuredWords,
  multiple,
  projectedWords,
  speedUps,
  summaryWords,
  trendHeading,
  trendWords,
} from './reproduction-words.ts'
import { tableNotes } from './trend-wordings.ts'

/** Documented tables beside the measured ones, for a terminal. */
export function reproductionTable(
  reproduction: Reproduction,
  result: ResultDocument,
  options: RenderOptions,
): string {
  const on = terminal(options)
  const remarks = (kind: 'contradiction' | 'implication') =>
    reproduction.remarks.filter((remark) => remark.kind === kind).map(remarkWords)
  const parts = [
    header(reproduction, result, on),
    ...reproduction.tables.map((table) => tableText(table, on)),
    ...reproduction.tables.flatMap((table) => figureText(table, on)),
    ...list(
      'Documented figures that contradict each other or their method',
      remarks('contradiction'),
      on,
    ),
    ...list('Implied by the documented figures', remarks('implication'), on),
    ...list('Bottlenecks', bottleneckLines(result), on),
    ...list('Warnings', warningLines(result), on),
  ]
  return `${parts.join('\n\n')}\n`
}

function header(
  reproduction: Reproduction,
  result: ResultDocument,
  { options, paint }: Terminal,
): string {
  const { title, documentedHost } = reproduction
  const [first = '', ...rest] = [
    `${title}, reproduced: ${load(result)}`,
    ...(documentedHost === undefined ? [] : [`documented on: ${documentedHost}`]),
    `measured on: ${machine(result)}`,
    placementLine(result),
  ].map((line) => wrap(paint.plain(line), options.width))
  const words = wrap(paint.plain(summaryWords(reproduction)), options.width)
  return [paint.strong(first), ...rest.map((line) => paint.faint(line)), '', words].join('\n')
}

function tableText(table: ReproducedTable, { options, paint }: Terminal): string {
  const { plain, strong, faint } = paint
  const name = (text: string) => wrapName(text, 17)
  const cells = grid({
    head: ['', 'documented', measuredHeading(table), trendHeading(table)].map((text) =>
      strong(plain(wrap(text, 22))),
    ),
    rows: table.rows.map((row) => {
      const { figure, interval } = measuredWords(row)
      const { outcome, documented, measured } = trendWords(row, table)
      const beside = [
        ...(documented === '' ? [] : [`documented ${documented}`]),
        ...(measured === '' ? [] : [`here ${measured}`]),
      ]
      return [
        name(row.name),
        plain(row.documented.text),
        lines(plain(figure), [interval, projectedWords(row)], (text) => faint(plain(text))),
        lines(painted(outcome, paint), beside, (text) => faint(plain(text))),
      ]
    }),
    rule: plain('─'),
  })
  const notes = tableNotes(table).map((note) => faint(wrap(plain(note), options.width, 2)))
  return [strong(plain(table.title)), '', cells, ...notes].join('\n')
}

function lines(first: string, rest: readonly string[], paint: (text: string) => string): string {
  return [first, ...rest.filter((text) => text !== '').map(paint)].join('\n')
}

function painted(outcome: string, { plain, bad, careful }: Terminal['paint']): string {
  if (outcome === 'differs') return bad(outcome)
  return outcome === 'inconclusive' ? careful(outcome) : plain(outcome)
}

/** Length of the longest bar, in characters. */
const longestBar = 32

/** The scaling figure: throughput as a multiple of the first row's, as bars. */
function figureText(table: ReproducedTable, { paint }: Terminal): string[] {
  const points = speedUps(table)
  if (points === undefined) return []
  const max = Math.max(
    ...points.flatMap(({ documented, measured = 0, projected = 0 }) => [
      ...[documented, measured, projected],
    ]),
  )
  const wide = Math.max(...points.map(({ name }) => name.length))
  const bar = (sign: string, value: number) =>
    sign.repeat(Math.max(1, Math.round((value / max) * longestBar)))
  const drawn = points.flatMap(({ name, documented, measured, projected }) => [
    `${name.padEnd(wide)}  documented  ${bar('█', documented)} ${multiple(documented)}`,
    ...(measured === undefined
      ? []
      : [`${' '.repeat(wide)}  measured    ${bar('█', measured)} ${multiple(measured)}`]),
    ...(projected === undefined
      ? []
      : [`${' '.repeat(wide)}  projected   ${bar('░', projected)} ≤${multiple(projected)}`]),
  ])
  const title = `${table.title}: throughput as a multiple of the first row’s`
  return [[paint.strong(paint.plain(title)), '', ...drawn.map(paint.plain)].join('\n')]
}

function list(name: string, items: readonly string[], { options, paint }: Terminal): string[] {
  if (items.length === 0) return []
  const room = options.width && options.width - 2
  return [
    [paint.strong(name), ...items.map((item) => `  ${wrap(paint.plain(item), room, 4)}`)].join(
      '\n',
    ),
  ]
}
