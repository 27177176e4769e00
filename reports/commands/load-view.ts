import type { RenderOptions } from '../../src/kit/render-options.ts'
import { grouped, percent, quantity, rounded } from '../../src/kit/units.ts'
import { aligned } from '../layout/aligned.ts'
import { clock } from '../layout/clock.ts'
import { rightAligned } from '../layout/right-aligned.ts'
import { sparkline } from '../layout/sparkline.ts'
import { type Palette, terminal } from '../layout/terminal.ts'

/** A threshold and its state so far. */
export interface ShownThreshold {
  /** As written: `p99 < 100ms @ hold`. */
  readonly text: string
  readonly state: 'pending' | 'pass' | 'fail' | 'inconclusive' | 'invalid'
  /** What was measured; empty where nothing is known yet. */
  readonly detail: string
}

/** The checks of a name. */
interface ShownCheck {
  readonly name: string
  readonly passed: number
  readonly failed: number
}

/** One second of a load. Rates per second, times in seconds; null where there is none. */
export interface LoadSecond {
  /** That of the stage at its end. */
  readonly model: 'open' | 'closed'
  /** Open model: visits that were due, and that began. Closed model: users, and active users. */
  readonly planned: number
  readonly sent: number
  readonly responses: number
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/** A load test that is under way. Times in seconds. */
export interface LoadState {
  /** `lb load  shop`. */
  readonly title: string
  readonly elapsed: number
  /** Undefined where it is unknown. */
  readonly left: number | undefined
  /** The stage that runs; undefined before the first. */
  readonly stage:
    | {
        readonly name: string
        /** From 1. */
        readonly number: number
        readonly of: number
        readonly left: number
      }
    | undefined
  /** The last seconds, the newest last. */
  readonly seconds: readonly LoadSecond[]
  /** Requests that ended, failed ones included. */
  readonly requests: number
  /** Failed requests by kind. */
  readonly failures: Readonly<Record<string, number>>
  readonly checks: readonly ShownCheck[]
  readonly thresholds: readonly ShownThreshold[]
  /** What keeps the load from its plan, as a clause; empty where nothing does. */
  readonly limits: string
  readonly isStopping: boolean
}

/** Seconds of the sparklines, and rows of thresholds and kinds of failure at most. */
const [shownSeconds, maxThresholds, maxKinds] = [60, 6, 4]
const names = 11

/** The view of a load test for a terminal of so many columns; 22 lines at most. */
export function loadLines(state: LoadState, columns: number, options: RenderOptions): string[] {
  const { paint } = terminal(options)
  const inside = Math.min(columns, 100) - 2
  return [
    paint.strong(rightAligned(paint.plain(state.title), timesText(state), inside)),
    progressBar(state, inside, paint),
    paint.plain(stageText(state)),
    '',
    ...figures(state, inside, paint),
    '',
    failuresLine(state, paint),
    ...checksLine(state, paint),
    ...thresholdLines(state, paint),
    limitsLine(state, paint),
    '',
    paint.faint(
      state.isStopping
        ? 'stopping and reporting what was measured; Ctrl-C again: stop at once'
        : 'Ctrl-C: stop, and report what was measured',
    ),
  ].map((line) => (line === '' ? '' : ` ${line}`))
}

/** The view in one line, for a log. */
export function loadLine(state: LoadState): string {
  const { elapsed, left, limits, thresholds } = state
  const now = state.seconds.at(-1)
  const failing = thresholds.filter((one) => one.state === 'fail').map(({ text }) => text)
  return [
    `${clock(elapsed)} ${stageText(state)}${left === undefined ? '' : `, about ${clock(left)} left in all`}`,
    ...(now === undefined ? [] : [`${rateText(now)}; p50 ${time(now.p50)}  p99 ${time(now.p99)}`]),
    failuresText(state),
    ...(failing.length === 0 ? [] : [`! failing: ${failing.join(', ')}`]),
    ...(limits === '' ? [] : [`! ${limits}`]),
  ].join('; ')
}

function timesText({ elapsed, left }: LoadState): string {
  return left === undefined ? clock(elapsed) : `${clock(elapsed)}, about ${clock(left)} left`
}

function progressBar({ elapsed, left }: LoadState, width: number, paint: Palette): string {
  if (left === undefined) return ''
  const share = elapsed / Math.max(1e-9, elapsed + left)
  const text = `${Math.floor(100 * share)} %`
  const cells = Math.max(1, width - text.length - 2)
  const full = Math.min(cells, Math.floor(cells * share))
  return `${paint.good(paint.plain('━'.repeat(full)))}${paint.faint(paint.plain('─'.repeat(cells - full)))}  ${text}`
}

function stageText({ stage }: LoadState): string {
  if (stage === undefined) return 'starting'
  return `stage ${stage.number} of ${stage.of}, ${stage.name}, ${clock(stage.left)} left in it`
}

function figures(state: LoadState, width: number, paint: Palette): string[] {
  const now = state.seconds.at(-1)
  if (now === undefined) return [paint.faint('no response yet')]
  const own = state.seconds.slice(-Math.max(1, Math.min(shownSeconds, width - names - 16)))
  const rates = own.map(({ responses }) => responses)
  const tails = own.map(({ p99 }) => p99)
  const max = (values: readonly (number | null)[]) =>
    Math.max(0, ...values.map((value) => value ?? 0))
  const row = (name: string, text: string, range = '') => ({ name, text, range })
  const rows = [
    row('load', rateText(now)),
    row('latency', `p50 ${time(now.p50)}  p95 ${time(now.p95)}  p99 ${time(now.p99)}`),
    row('responses', sparkline(rates), `0–${rounded(max(rates))}/s`),
    row('p99', sparkline(tails), `0–${time(max(tails))}`),
  ]
  return rows.map(({ name, text, range }) =>
    `${paint.faint(name.padEnd(names))}${paint.plain(text)}${range === '' ? '' : `  ${paint.faint(paint.plain(range))}`}`.trimEnd(),
  )
}

function rateText({ model, planned, sent, responses }: LoadSecond): string {
  const load =
    model === 'closed'
      ? `${grouped(sent)} of ${grouped(planned)} users`
      : `${rounded(sent)} of ${rounded(planned)} visits/s`
  return `${load}  ${rounded(responses)} responses/s`
}

function time(seconds: number | null): string {
  return seconds === null ? '–' : quantity(seconds, 's')
}

function failuresText({ failures, requests }: LoadState): string {
  const kinds = Object.entries(failures).toSorted(([, a], [, b]) => b - a)
  const failed = kinds.reduce((sum, [, count]) => sum + count, 0)
  if (failed === 0) return `0 of ${grouped(requests)} requests failed`
  const shown = kinds.slice(0, maxKinds).map(([kind, count]) => `${kind} ${grouped(count)}`)
  const more = kinds.length > maxKinds ? ', …' : ''
  return `${percent(failed / Math.max(1, requests))} of ${grouped(requests)} requests failed: ${shown.join(', ')}${more}`
}

function failuresLine(state: LoadState, paint: Palette): string {
  const line = paint.plain(failuresText(state))
  const failed = Object.values(state.failures).some((count) => count > 0)
  return `${paint.faint('failures'.padEnd(names))}${failed ? paint.careful(line) : line}`
}

function checksLine({ checks }: LoadState, paint: Palette): string[] {
  if (checks.length === 0) return []
  const passed = checks.reduce((sum, one) => sum + one.passed, 0)
  const failing = checks.filter(({ failed }) => failed > 0)
  const failed = failing.reduce((sum, one) => sum + one.failed, 0)
  const [worst] = failing.toSorted((a, b) => b.failed - a.failed)
  const text = `${grouped(passed)} of ${grouped(passed + failed)} passed`
  const detail = worst === undefined ? '' : `; ${grouped(worst.failed)} failed: ${worst.name}`
  const line = paint.plain(`${text}${detail}`)
  return [`${paint.faint('checks'.padEnd(names))}${failed > 0 ? paint.careful(line) : line}`]
}

const marks = { pending: '·', pass: '✓', fail: '✗', inconclusive: '?', invalid: '!' } as const

/** The thresholds, failed ones first, and how many more there are. */
function thresholdLines({ thresholds }: LoadState, paint: Palette): string[] {
  const order = ['fail', 'invalid', 'inconclusive', 'pending', 'pass']
  const sorted = thresholds.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  const styles = { pass: paint.good, fail: paint.bad, invalid: paint.bad }
  const rows = sorted.slice(0, maxThresholds).map((one) => {
    const style = one.state in styles ? styles[one.state as keyof typeof styles] : paint.plain
    const cell = (text: string) => ({ text: paint.plain(text) })
    return [{ text: paint.plain(marks[one.state]), paint: style }, cell(one.text), cell(one.detail)]
  })
  const more = sorted.length - rows.length
  return aligned(rows, ['left', 'left', 'left'])
    .map((line, i) => `${paint.faint((i === 0 ? 'thresholds' : '').padEnd(names))}${line}`)
    .concat(more > 0 ? [`${' '.repeat(names)}${paint.faint(`and ${more} more`)}`] : [])
}

function limitsLine({ limits }: LoadState, paint: Palette): string {
  return limits === ''
    ? `${paint.faint('limits'.padEnd(names))}none: the load follows its plan`
    : `${paint.faint('limits'.padEnd(names))}${paint.careful(paint.plain(limits))}`
}
