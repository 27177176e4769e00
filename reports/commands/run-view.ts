import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent, quantity, rounded } from '../../src/kit/units.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import { aligned, type Cell } from '../layout/aligned.ts'
import { bar } from '../layout/bar.ts'
import { clock } from '../layout/clock.ts'
import { rightAligned } from '../layout/right-aligned.ts'
import { type Palette, terminal } from '../layout/terminal.ts'

type Plan = ResultDocument['plan']
type Trial = Plan['trials'][number]

/** The figures of a trial that is over. Times in seconds. */
export interface TrialFigures {
  readonly arm: string
  readonly phase: Trial['phase']
  readonly isValid: boolean
  /** 2xx responses per second. */
  readonly rate: number
  readonly p50: number | undefined
  readonly p99: number | undefined
  /** Failed requests, as a fraction. */
  readonly failed: number
}

/** A run that is under way. Times in seconds. */
export interface RunState {
  /** `lb bench  default`. */
  readonly title: string
  readonly elapsed: number
  /** Undefined where it is unknown. */
  readonly left: number | undefined
  readonly done: number
  /** Planned trials; undefined where a search decides. */
  readonly of: number | undefined
  /** What runs now: `capacity  weighted ×1, trial 2 of 3`. */
  readonly current: string
  /** Responses per second in the trial that runs now, over its last second. */
  readonly rate?: number | undefined
  /** The arms, in the order of the plan. */
  readonly arms: readonly string[]
  readonly figures: readonly TrialFigures[]
  /** What disturbs the run, as clauses. */
  readonly troubles: readonly string[]
  /** Whether it was interrupted and is ending. */
  readonly isStopping: boolean
}

/** Arms beyond which the others are counted. */
const mostArms = 12
/** Trials of an arm that are shown, the newest. */
const mostTrials = 12

/** The view of a run for a terminal of so many columns: progress, the current trial, estimates so far, trouble. */
export function runLines(state: RunState, columns: number, options: RenderOptions): string[] {
  const { paint } = terminal(options)
  const width = Math.min(columns, 100)
  const inside = width - 2
  return [
    paint.strong(rightAligned(paint.plain(state.title), timesText(state), inside)),
    progressBar(state, inside, paint),
    paint.plain(`${state.current}${rateText(state)}`),
    ...lastTrial(state, paint),
    ...estimates(state, inside, paint),
    ...state.troubles.slice(0, 3).map((trouble) => paint.careful(paint.plain(`! ${trouble}`))),
    paint.faint(
      state.isStopping
        ? 'stopping and reporting what was measured; Ctrl-C again: stop at once'
        : 'Ctrl-C: stop, and report what was measured',
    ),
  ].map((line) => ` ${line}`)
}

/** The view in one line, for a log. */
export function runLine(state: RunState): string {
  const { done, of, figures, current, elapsed, left, troubles } = state
  const last = figures.at(-1)
  const count = of === undefined ? plural(done, 'trial') : `${done}/${of} trials`
  return [
    `${clock(elapsed)} ${count}${left === undefined ? '' : `, about ${clock(left)} left`}`,
    ...(last === undefined ? [current] : [`${current}; last: ${last.arm} ${figureText(last)}`]),
    ...troubles.slice(0, 1).map((trouble) => `! ${trouble}`),
  ].join('; ')
}

/** The rate of the trial that runs now. */
function rateText({ rate }: RunState): string {
  return rate === undefined ? '' : `  ${quantity(rate, 'req/s')} now`
}

function timesText({ elapsed, left }: RunState): string {
  return left === undefined ? clock(elapsed) : `${clock(elapsed)}, about ${clock(left)} left`
}

function progressBar({ done, of }: RunState, width: number, paint: Palette): string {
  if (of === undefined) return paint.plain(plural(done, 'trial'))
  const count = `${done}/${of} trials`
  const cells = Math.max(1, width - count.length - 2)
  const full = Math.min(cells, Math.floor((cells * done) / Math.max(1, of)))
  const drawn = `${paint.good(paint.plain('━'.repeat(full)))}${paint.faint(paint.plain('─'.repeat(cells - full)))}`
  return `${drawn}  ${count}`
}

function lastTrial({ figures }: RunState, paint: Palette): string[] {
  const last = figures.at(-1)
  if (last === undefined) return []
  const line = paint.plain(`last: ${last.arm}  ${figureText(last)}`)
  return [last.failed > 0 || !last.isValid ? paint.careful(line) : paint.faint(line)]
}

function figureText({ rate, p50, p99, failed, isValid }: TrialFigures): string {
  return [
    quantity(rate, 'req/s'),
    ...(p50 === undefined ? [] : [`p50 ${quantity(p50, 's')}`]),
    ...(p99 === undefined ? [] : [`p99 ${quantity(p99, 's')}`]),
    failed > 0 ? `${percent(failed)} failed` : '0 failed',
    ...(isValid ? [] : ['discarded']),
  ].join('  ')
}

/** A line for each arm with a valid trial in the phase that runs now. */
function estimates({ figures, arms }: RunState, width: number, paint: Palette): string[] {
  const phase = figures.at(-1)?.phase
  const own = figures.filter((one) => one.phase === phase && one.isValid)
  if (own.length === 0) return []
  const isLatency = phase === 'latency'
  const measured = (one: TrialFigures) => (isLatency ? one.p99 : one.rate)
  const rows = arms
    .map((name) => {
      const values = own.flatMap((one) => (one.arm === name ? (measured(one) ?? []) : []))
      return { name, values, mean: values.reduce((sum, value) => sum + value, 0) / values.length }
    })
    .filter(({ values }) => values.length > 0)
    .toSorted((a, b) => (isLatency ? a.mean - b.mean : b.mean - a.mean))
  const max = Math.max(...rows.map(({ mean }) => mean))
  const shown = rows.slice(0, mostArms)
  const text = (value: number) => (isLatency ? quantity(value, 's') : rounded(value))
  const cells = [
    [`so far`, isLatency ? 'p99' : 'req/s', '', 'trials'].map(
      (head): Cell => ({ text: head, paint: paint.strong }),
    ),
    ...shown.map(({ name, values, mean }): Cell[] => [
      { text: paint.plain(name) },
      { text: paint.plain(text(mean)) },
      { text: paint.plain(bar(mean, max, barWidth(width))) },
      {
        text: paint.plain(values.slice(-mostTrials).map(text).join(' ')),
        paint: paint.faint,
      },
    ]),
  ]
  const more = rows.length - shown.length
  return [
    '',
    ...aligned(cells, ['left', 'right', 'left', 'left']),
    ...(more > 0 ? [paint.faint(`and ${plural(more, 'other arm')}`)] : []),
    '',
  ]
}

function barWidth(width: number): number {
  return Math.max(6, Math.min(20, Math.floor(width / 5)))
}
