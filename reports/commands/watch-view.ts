import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { WatchPanel, WatchSeries, WatchState } from '../../src/watch/watch-state.ts'
import { rightAligned } from '../layout/right-aligned.ts'
import { sparkline } from '../layout/sparkline.ts'
import { type Palette, terminal } from '../layout/terminal.ts'
import { timeOfDay } from '../layout/time-of-day.ts'
import { watchFigure } from './watch-figures.ts'

/** Room for a view, in characters. */
interface Room {
  readonly columns: number
  readonly rows: number
}

/** Columns from which on two panels stand side by side, and those between them. */
const [twoColumns, gutter] = [76, 3]

/** The panels of a balancer for a terminal: as many series of each as fit, the last values as bars. */
export function watchLines(
  state: WatchState,
  { columns, rows }: Room,
  options: RenderOptions & { readonly hint: string },
): string[] {
  const { paint } = terminal(options)
  const inside = columns - 2
  const perRow = columns >= twoColumns ? 2 : 1
  const width = perRow === 2 ? Math.floor((inside - gutter) / 2) : inside
  const gridRows = Math.ceil(state.panels.length / perRow)
  const height = Math.max(2, Math.floor((rows - 3) / gridRows))
  const blocks = state.panels.map((panel) => panelLines(panel, { width, height, paint }))
  const grid = Array.from({ length: gridRows }, (_, row) => {
    const own = blocks.slice(row * perRow, (row + 1) * perRow)
    return Array.from({ length: height }, (_, line) =>
      own.map((block) => block[line] ?? blank(width)).join(' '.repeat(gutter)),
    )
  })
  return [
    paint.strong(paint.plain(headText(state, inside))),
    statusText(state, inside, paint),
    ...grid.flat(),
    paint.faint(paint.plain(options.hint.slice(0, inside))),
  ].map((line) => (line.trim() === '' ? '' : ` ${line}`))
}

/** The panels with their last values only: `lb watch --once`. */
export function watchReport(state: WatchState, options: RenderOptions): string {
  const { paint } = terminal(options)
  const widest = Math.max(
    0,
    ...state.panels.flatMap((one) => one.series.map(({ name }) => name.length)),
  )
  const blocks = state.panels.map((panel) =>
    [
      paint.strong(paint.plain(panel.title)),
      ...panel.series.map(
        (one) => `  ${paint.plain(one.name.padEnd(widest))}  ${paint.plain(lastText(one))}`,
      ),
    ].join('\n'),
  )
  return `${blocks.join('\n\n')}\n`
}

/** The last values in one line, for a log: series of several workers together, rates of rare events where there are any. */
export function watchLine(state: WatchState): string {
  const texts = state.panels.flatMap(({ series }) => byFigure(series).flatMap(together))
  return `${timeOfDay(state.now)}  ${texts.join('  ')}`
}

/** `no answer since 14:03:59: connection refused; trying again`, or a restart; empty where there is nothing to report. */
export function statusOf({ silent, restarted }: WatchState): string {
  if (silent) {
    return `no answer since ${timeOfDay(silent.since)}: ${silent.reason}; trying again`
  }
  return restarted === undefined ? '' : `restarted at ${timeOfDay(restarted)}`
}

function headText({ url, now }: WatchState, width: number): string {
  return rightAligned(`lb watch  ${url}`, timeOfDay(now), width).slice(0, width)
}

function statusText(state: WatchState, width: number, paint: Palette): string {
  const text = paint.plain(statusOf(state).slice(0, width))
  return state.silent ? paint.bad(text) : paint.careful(text)
}

function together(series: readonly WatchSeries[]): string[] {
  const [first] = series
  if (first === undefined) return []
  const values = series.map(({ values }) => values.at(-1) ?? null)
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return [`${first.brief} –`]
  const value = first.unit === 's' ? Math.max(...known) : known.reduce((sum, one) => sum + one, 0)
  return value === 0 && first.unit === 'ops'
    ? []
    : [`${first.brief} ${watchFigure(value, first.unit)}`]
}

interface Block {
  readonly width: number
  readonly height: number
  readonly paint: Palette
}

/** A panel in a block of lines of one width. */
function panelLines(panel: WatchPanel, { width, height, paint }: Block): string[] {
  const series = shownSeries(panel, Math.max(1, height - (height > 3 ? 2 : 1)))
  const values = series.map(lastText)
  const names = Math.max(0, ...series.map(({ name }) => name.length))
  const texts = Math.max(0, ...values.map((text) => text.length))
  const bars = Math.max(0, width - names - texts - 4)
  const tops = topsOf(series, bars)
  const title = panel.title.slice(0, width)
  const range = rangesOf(tops, width - title.length - 2)
  const blanks = ' '.repeat(width - title.length - range.length)
  return [
    `${paint.strong(paint.plain(title))}${paint.faint(paint.plain(range))}${blanks}`,
    ...series.map((one, i) => {
      const line = sparkline(one.values.slice(-Math.max(1, bars)), tops.get(one.unit))
      const drawn = bars > 0 ? line.padStart(bars) : ''
      const text = (values[i] ?? '').padStart(texts)
      const row = `${one.name.padEnd(names)}  ${drawn}  ${text}`.slice(0, width).padEnd(width)
      return paint.plain(row)
    }),
    ...(series.length === 0 ? [paint.faint('no values yet'.padEnd(width).slice(0, width))] : []),
  ]
}

/** `  0–48.0 ms, 0–12.0/s`: the scale of each unit, as far as they fit. */
function rangesOf(tops: ReadonlyMap<WatchSeries['unit'], number>, room: number): string {
  let text = ''
  for (const [unit, top] of tops) {
    const more = `${text === '' ? '' : `${text}, `}0–${watchFigure(top, unit)}`
    if (top > 0 && more.length <= room) text = more
  }
  return text === '' ? '' : `  ${text}`
}

/** The highest value of the shown times, by unit: series of one unit are drawn to one scale. */
function topsOf(series: readonly WatchSeries[], times: number): Map<WatchSeries['unit'], number> {
  const tops = new Map<WatchSeries['unit'], number>()
  for (const { unit, values } of series) {
    const shown = values.slice(-Math.max(1, times)).map((value) => value ?? 0)
    tops.set(unit, Math.max(tops.get(unit) ?? 0, ...shown))
  }
  return tops
}

/** So many series: of each figure the one with the highest last value, then others in their order; those that were always 0 only where all were. */
function shownSeries({ series }: WatchPanel, most: number): WatchSeries[] {
  const busy = series.filter(({ values }) => values.some((value) => value !== null && value !== 0))
  const all = busy.length > 0 ? busy : series
  const last = ({ values }: WatchSeries) => values.at(-1) ?? 0
  const first = byFigure(all).flatMap((own) =>
    own.toSorted((a, b) => last(b) - last(a)).slice(0, 1),
  )
  const kept = [...new Set([...first, ...all])].slice(0, most)
  return all.filter((one) => kept.includes(one))
}

function byFigure(series: readonly WatchSeries[]): WatchSeries[][] {
  return [...Map.groupBy(series, ({ figure }) => figure).values()]
}

function lastText({ values, unit }: WatchSeries): string {
  return watchFigure(values.at(-1), unit)
}

function blank(width: number): string {
  return ' '.repeat(width)
}
