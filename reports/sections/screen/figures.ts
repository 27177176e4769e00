import { plural } from '../../../src/kit/plural.ts'
import { quantity } from '../../../src/kit/units.ts'
import { wrap, wrapName } from '../../../src/kit/wrap.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { type MetricName, metrics } from '../../../src/result/metrics.ts'
import { aligned, alignedWidth, type Cell } from '../../layout/aligned.ts'
import { bar } from '../../layout/bar.ts'
import type { Terminal } from '../../layout/terminal.ts'
import { type Column, columns } from '../columns.ts'
import type { Row } from '../rows.ts'
import { type ArmFigures, type Ranking, rankedArms } from './arm-figures.ts'

/** Characters of a name before it is broken, and cells of a bar. */
const [widestName, shortestBar, longestBar] = [26, 6, 28]

/** Arms beyond which the last ones are counted only. */
const mostArms = 16

/** Columns to leave out on a narrow terminal, one after another. */
const dropOrder: readonly MetricName[] = ['rssMean', 'cpuPerRequest', 'latencyP50']

/** The arms with what people ask for, sorted by the figure that the bars show, with notes on how to read it. */
export function figuresTable(document: ResultDocument, on: Terminal): string[] {
  const ranking = rankedArms(document)
  if (ranking.arms.length === 0) return []
  const { paint, options } = on
  const shown = { ...ranking, arms: ranking.arms.slice(0, mostArms) }
  const left = ranking.arms.length - shown.arms.length
  const notes = [
    ...(left > 0 ? [`${plural(left, 'more arm')}: --full`] : []),
    ...notesOn(document, ranking),
  ].map((note) => paint.faint(wrap(paint.plain(note), options.width, 2)))
  return [[...fitted(shown, on), ...notes].join('\n')]
}

function fitted(ranking: Ranking, on: Terminal): string[] {
  const room = on.options.width ?? 80
  const tries = [0, 1, 2, 3].map((gone) => parts(ranking, dropOrder.slice(0, gone), on))
  const widthWith = ({ rows, sides }: Parts) => alignedWidth(rows, sides.length)
  const fits = tries.find((one) => widthWith(one) + shortestBar <= room) ?? tries.at(-1)
  if (fits === undefined) return []
  const left = Math.min(longestBar, room - widthWith(fits))
  return aligned(withBars(fits, left >= shortestBar ? left : 0, ranking, on), fits.sides)
}

interface Parts {
  readonly rows: readonly (readonly Cell[])[]
  readonly sides: readonly ('left' | 'right')[]
}

/** The index of the column with the bars. */
const barColumn = 2

/** Two lines of heads, then a line or two for each arm; the bars are empty. */
function parts(ranking: Ranking, gone: readonly MetricName[], on: Terminal): Parts {
  const { arms, metric } = ranking
  const { plain, faint, strong } = on.paint
  const balancers = arms.map(({ main }) => main)
  const latencies = arms.map(({ latency }) => latency)
  const [main] = columns([metric], balancers) as [Column]
  const others = [
    ...columns(latencyMetrics(metric), latencies).map((column) => ({ column, of: latencyOf })),
    ...columns(costMetrics(arms), balancers).map((column) => ({ column, of: mainOf })),
  ].filter(({ column }) => !gone.includes(column.metric))
  const head = (text: string): Cell => ({ text: plain(text), paint: strong })
  const unit = (text: string): Cell => ({ text: plain(text), paint: faint })
  const blank: Cell = { text: '' }
  return {
    sides: ['left', 'right', 'left', ...others.map(() => 'right' as const)],
    rows: [
      [blank, head(main.heading), blank, ...others.map(({ column }) => head(column.heading))],
      ...(main.unit === '' && others.every(({ column }) => column.unit === '')
        ? []
        : [[blank, unit(main.unit), blank, ...others.map(({ column }) => unit(column.unit))]]),
      ...arms.flatMap((arm) => armRows(arm, { main, others }, on)),
    ],
  }
}

const latencyOf = ({ latency }: ArmFigures): Row => latency
const mainOf = ({ main }: ArmFigures): Row => main

function latencyMetrics(main: MetricName): MetricName[] {
  return (['latencyP50', 'latencyP99'] as const).filter((metric) => metric !== main)
}

/** Errors are a column where there were some. */
function costMetrics(arms: readonly ArmFigures[]): MetricName[] {
  const hasErrors = arms.some(({ main, latency }) =>
    [main, latency].some(({ finding }) => (finding.metrics.errorShare?.center ?? 0) > 0),
  )
  return [...(hasErrors ? (['errorShare'] as const) : []), 'cpuPerRequest', 'rssMean']
}

interface ShownColumns {
  readonly main: Column
  readonly others: readonly { readonly column: Column; of(arm: ArmFigures): Row }[]
}

function armRows(arm: ArmFigures, { main, others }: ShownColumns, { paint }: Terminal): Cell[][] {
  const { plain, faint, bad } = paint
  const tone = arm.validity === 'valid' && !arm.isControl ? undefined : faint
  const [first = '', ...rest] = wrapName(plain(arm.name), widestName).split('\n')
  const figure =
    arm.validity === 'invalid'
      ? 'no valid trial'
      : `${main.cell(arm.main)} ${main.spread(arm.main)}`
  const cells = others.map(({ column, of }): Cell => {
    const row = of(arm)
    const text = row.finding.validity === 'invalid' ? '–' : column.cell(row)
    const isError = column.metric === 'errorShare' && !['0', '–'].includes(text)
    return { text: plain(text), paint: isError ? bad : tone }
  })
  return [
    [
      { text: first, paint: tone },
      { text: plain(figure.trim()), paint: arm.validity === 'invalid' ? bad : tone },
      { text: '' },
      ...cells,
    ],
    ...rest.map((text): Cell[] => [{ text, paint: tone }]),
  ]
}

/** The rows with bars of at most so many cells; a control beyond the arms by far is cut. */
function withBars(
  { rows }: Parts,
  width: number,
  { arms, metric }: Ranking,
  { paint }: Terminal,
): (readonly Cell[])[] {
  if (width === 0) return [...rows]
  const centers = arms.map(({ main, validity }) =>
    validity === 'invalid' ? 0 : (main.finding.metrics[metric]?.center ?? 0),
  )
  const ranked = centers.filter((_, i) => !arms[i]?.isControl)
  const most = Math.max(0, ...ranked)
  const max = most > 0 && most < Math.max(...centers) / 1.25 ? most : Math.max(...centers)
  const bars = centers.map((center) =>
    center > max ? `${bar(max, max, width - 1)}▶` : bar(center, max, width),
  )
  const starts = startsOf(rows, arms)
  return rows.map((row, line) => {
    const i = starts.indexOf(line)
    if (i < 0) return row
    const arm = arms[i] as ArmFigures
    const isApart = arm.isControl || arm.validity !== 'valid'
    const drawn = { text: paint.plain(bars[i] ?? ''), paint: isApart ? paint.faint : undefined }
    return row.map((cell, column) => (column === barColumn ? drawn : cell))
  })
}

/** The line at which each arm begins: those with more than a name. */
function startsOf(rows: Parts['rows'], arms: readonly ArmFigures[]): number[] {
  const lines = rows.flatMap((row, line) => (row.length > 1 ? [line] : []))
  return lines.slice(lines.length - arms.length)
}

/** What the figures are of, in a sentence or two. */
function notesOn(document: ResultDocument, { phase, metric, arms }: Ranking): string[] {
  const has = (validity: ArmFigures['validity']) => arms.some((one) => one.validity === validity)
  // A row without a valid trial shows no figure that could be a bound.
  const isBound = arms.some(
    ({ main, validity }) => main.finding.isLowerBound && validity !== 'invalid',
  )
  const ending = document.phaseEndings.find((one) => one.phase === 'latency')
  const rate = ending?.rate ?? document.trials.find(({ trial }) => trial.phase === 'latency')?.rate
  const at = rate === undefined ? '' : ` at ${quantity(rate, 'req/s')}, open loop`
  const own = phase === 'capacity' ? 'req/s: capacity' : `${metrics[metric].label}${at}`
  const load =
    phase === 'capacity' ? `, ${plural(document.plan.connections, 'busy connection')}` : ''
  const hasLatency = document.findings.some((one) => one.phase === 'latency')
  const latency =
    phase === 'latency' ? [] : [hasLatency ? `p50, p99:${at}` : 'p50, p99: at saturation']
  const sentences = [
    `${own}${load}${spreadWords(arms, metric)}`,
    ...latency,
    ...(isBound ? ['≥: a lower bound'] : []),
    ...(has('oversubscribed') ? ['†: more workers than CPUs, not ranked'] : []),
  ]
  return [`${sentences.join('. ')}.`]
}

function spreadWords(arms: readonly ArmFigures[], metric: MetricName): string {
  const all = arms.flatMap(({ main }) => main.finding.metrics[metric] ?? [])
  if (!all.some(({ n }) => n > 1)) return '; one trial, no error estimate'
  return all.some(({ interval }) => interval === 'confidence')
    ? ', ± 95 % interval'
    : ', ± farthest trial'
}
