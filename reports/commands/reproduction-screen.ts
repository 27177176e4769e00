import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent, scaled } from '../../src/kit/units.ts'
import { wrap } from '../../src/kit/wrap.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { ReproducedRow, ReproducedTable, Reproduction } from '../../src/result/reproduction.ts'
import { aligned, alignedWidth, type Cell } from '../layout/aligned.ts'
import { clock } from '../layout/clock.ts'
import { fact } from '../layout/fact.ts'
import { rightAligned } from '../layout/right-aligned.ts'
import { type Terminal, terminal } from '../layout/terminal.ts'
import { elapsedSeconds } from '../sections/next-step.ts'
import { load } from '../sections/run-lines.ts'
import { closing } from '../sections/screen/closing.ts'
import { atMost, limitLines } from '../sections/screen/limits.ts'
import { measuredWords, summaryWords } from './reproduction-words.ts'
import { trendReasonWords } from './trend-wordings.ts'

/** Columns beyond which prose is hard to read. */
const widestProse = 100

/** Rows beyond which the others are counted. */
const mostRows = 20

/** Documented tables beside the measured ones on one screen: how many trends hold, one list of all rows, why others are not judged. */
export function reproductionScreen(
  reproduction: Reproduction,
  result: ResultDocument,
  options: RenderOptions,
): string {
  const width = Math.min(options.width ?? 80, widestProse)
  const on = terminal({ ...options, width })
  const parts = [
    head(reproduction, result, on),
    answer(reproduction, on),
    [...rowLines(reproduction.tables, on), ...signs(reproduction.tables, on)].join('\n'),
    [
      ...fact('Not judged', atMost(notJudged(reproduction)), on),
      ...fact('Limited by', limitLines(result), on),
      ...closing(result, on),
    ].join('\n'),
  ]
  return `${parts.join('\n\n')}\n`
}

function head({ title }: Reproduction, result: ResultDocument, on: Terminal): string {
  const { options, paint } = on
  const width = options.width ?? 80
  const spent = clock(elapsedSeconds(result))
  const room = width - spent.length - 2
  const [first = '', ...items] = load(result).split(', ')
  // As many of the items as one line has room for.
  const text = items.reduce(
    (found, item) => (found.length + item.length + 2 <= room ? `${found}, ${item}` : found),
    `lb reproduce  ${title}: ${first}`,
  )
  const [line = '', ...rest] = wrap(paint.plain(text), room, 2).split('\n')
  return [rightAligned(line, spent, width), ...rest].map(paint.strong).join('\n')
}

function answer(reproduction: Reproduction, { options, paint }: Terminal): string {
  const outcomes = outcomesOf(reproduction)
  const isGood = outcomes.length > 0 && outcomes.every((one) => one === 'agrees')
  const tone = isGood ? paint.good : paint.careful
  return wrap(paint.plain(summaryWords(reproduction)), options.width)
    .split('\n')
    .map((line) => paint.strong(tone(line)))
    .join('\n')
}

/** The outcomes of the rows that could be judged. */
function outcomesOf({ tables }: Reproduction): string[] {
  return tables
    .flatMap(({ rows }) => rows.flatMap(({ trend }) => trend?.outcome ?? []))
    .filter((outcome) => outcome !== 'not judged')
}

/** The columns of the list, and which of them go where the terminal is too narrow for all. */
const heads = ['', 'documented', 'here', 'trend', 'here', '']
const sides = ['left', 'right', 'right', 'right', 'right', 'left'] as const
const dropOrder: readonly (readonly number[])[] = [[], [3, 4], [1, 3, 4]]

/** Every row of every table in one list, below the name of its table. */
function rowLines(tables: readonly ReproducedTable[], { options, paint }: Terminal): string[] {
  const { plain, strong, faint } = paint
  const all = tables.flatMap((table) => table.rows.map((row) => ({ table, row })))
  const shown = all.slice(0, mostRows)
  const rows = [
    heads.map((text): Cell => ({ text: plain(text), paint: strong })),
    ...shown.map(({ table, row }) => cellsOf(row, table, paint)),
  ]
  const tries = dropOrder.map((gone) => {
    const kept = <One>(cells: readonly One[]) => cells.filter((_, i) => !gone.includes(i))
    return { rows: rows.map(kept), sides: kept(sides) }
  })
  const fits = (one: (typeof tries)[number]) =>
    alignedWidth(one.rows, one.sides.length) <= (options.width ?? 80)
  const drawn = tries.find(fits) ?? tries.at(-1)
  const [first = '', ...lines] = aligned(drawn?.rows ?? [], drawn?.sides ?? [])
  const groups = Map.groupBy(
    lines.map((line, i) => ({ line, table: shown[i]?.table as ReproducedTable })),
    ({ table }) => table,
  )
  const left = all.length - shown.length
  return [
    first,
    ...[...groups].flatMap(([{ title, kind, rows: own }, found]) => [
      `${strong(plain(title))}${faint(plain(` (trend: ${kind === 'scaling' ? 'efficiency of the step' : `ratio to ${own[0]?.name}`})`))}`,
      ...found.map(({ line }) => line),
    ]),
    ...(left > 0 ? [faint(plain(`${plural(left, 'more row')}: --full`))] : []),
  ]
}

/** Columns of the name of a row. */
const widestName = 17

function cellsOf(row: ReproducedRow, { kind }: ReproducedTable, paint: Terminal['paint']): Cell[] {
  const { name, documented, trend } = row
  const figure = kind === 'scaling' ? percent : (ratio: number) => `×${ratio.toFixed(3)}`
  const short = name.length > widestName ? `${name.slice(0, widestName - 1)}…` : name
  const texts = [
    `  ${short}`,
    documented.text,
    measuredWords(row).figure,
    trend === undefined ? '' : figure(trend.documented),
    trend?.measured === undefined ? '' : figure(trend.measured.center),
  ]
  return [
    ...texts.map((text): Cell => ({ text: paint.plain(text) })),
    { text: paint.plain(trend?.outcome ?? ''), paint: shadeOf(trend?.outcome, paint) },
  ]
}

function shadeOf(outcome: string | undefined, { good, bad, careful, faint }: Terminal['paint']) {
  switch (outcome) {
    case 'agrees':
      return good
    case 'differs':
      return bad
    case 'inconclusive':
      return careful
    default:
      return faint
  }
}

/** What the signs beside the figures mean, and the upper bounds of rows that the host has too few cores for. */
function signs(tables: readonly ReproducedTable[], { options, paint }: Terminal): string[] {
  const rows = tables.flatMap((table) => table.rows)
  const projected = rows.flatMap(({ name, projection, divisor, unit }) =>
    projection === undefined
      ? []
      : [`${name} ≤${scaled(projection.center, { divisor, unit })} ${unit}`],
  )
  const bounds =
    projected.length === 0 ? '' : `; upper bound by CPU per request: ${projected.join(', ')}`
  const notes = [
    ...(rows.some(({ isLowerBound }) => isLowerBound) ? ['≥: a lower bound.'] : []),
    ...(rows.some(({ validity }) => validity === 'oversubscribed')
      ? [`†: more workers than CPUs${bounds}.`]
      : []),
    ...(rows.some(({ validity }) => validity === 'invalid') ? ['!: no valid trial.'] : []),
  ]
  return notes.length === 0
    ? []
    : [paint.faint(wrap(paint.plain(notes.join(' ')), options.width, 2))]
}

/** Why rows have no outcome, each reason once. */
function notJudged({ tables }: Reproduction): string[] {
  const reasons = tables.flatMap(({ rows }) =>
    rows.flatMap(({ trend }) =>
      trend?.outcome === 'not judged' && trend.reason !== undefined
        ? [trendReasonWords(trend.reason)]
        : [],
    ),
  )
  return [...new Set(reasons)]
}
