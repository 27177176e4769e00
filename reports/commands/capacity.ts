import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { partPercent, quantity, rounded } from '../../src/kit/units.ts'
import { wrap } from '../../src/kit/wrap.ts'
import { objectiveText } from '../../src/plan/objective.ts'
import type { Capacity, RatePoint } from '../../src/result/capacity.ts'
import { aligned, type Cell } from '../layout/aligned.ts'
import { bar } from '../layout/bar.ts'
import { fact } from '../layout/fact.ts'
import { type Palette, terminal } from '../layout/terminal.ts'
import { engineLines } from '../sections/engine-lines.ts'

/** Rates beyond which only those around the edge are shown. */
const mostRates = 12

/**
 * The result of a capacity search for a terminal: the interval first, then why the search ended, then its rates with bars
 * of their p99; with `full` all rates.
 */
export function capacityText(capacity: Capacity, options: RenderOptions): string {
  const on = terminal(options)
  const { paint } = on
  const { plain, strong, faint } = paint
  const points = options.full ? capacity.curve : aroundEdge(capacity)
  const left = capacity.curve.length - points.length
  const words = (text: string) => wrap(plain(text), options.width, 2)
  const lines = [
    strong(paint[tone(capacity)](words(headline(capacity)))),
    ...basis(capacity).map(words),
    words(endings[capacity.reason]),
    ...nodes(capacity).map(words),
    '',
    ...table(points, paint),
    faint(words('met, missed, invalid: trials. failed: requests.')),
    ...(left > 0 ? [faint(plain(`${plural(left, 'more rate')}: --full`))] : []),
    '',
    ...fact('Next', nextSteps[capacity.reason], on),
    ...fact('Trials', [trialWords(capacity)], on),
  ]
  return `${lines.join('\n')}\n`
}

function tone({ reason, low }: Capacity): 'good' | 'careful' | 'bad' {
  if (low === undefined) return 'bad'
  return reason === 'goal width' || reason === 'rate limit' ? 'good' : 'careful'
}

/** The rates next to the edge, and the lowest one. */
function aroundEdge({ curve, estimate, low, high }: Capacity): readonly RatePoint[] {
  if (curve.length <= mostRates) return curve
  const edge = estimate?.center ?? low ?? high ?? 0
  const near = curve
    .slice(1)
    .toSorted((a, b) => Math.abs(a.rate - edge) - Math.abs(b.rate - edge))
    .slice(0, mostRates - 1)
  return curve.filter((point, i) => i === 0 || near.includes(point))
}

const heads = ['rate', 'p50', 'p99', '', 'failed', 'met', 'missed', 'invalid']

function table(points: readonly RatePoint[], paint: Palette): string[] {
  const most = Math.max(0, ...points.flatMap(({ p99 }) => p99 ?? []))
  const rows = points.map((point) =>
    cells(point, most).map(
      (text): Cell => ({
        text: paint.plain(text),
        paint: point.missed > point.met ? paint.bad : undefined,
      }),
    ),
  )
  return aligned(
    [heads.map((text): Cell => ({ text, paint: paint.strong })), ...rows],
    heads.map((head) => (head === '' ? 'left' : 'right')),
  )
}

function headline({ arm, objectives, low, high, estimate }: Capacity): string {
  const all = objectives.map(objectiveText).join(' and ')
  if (estimate !== undefined) {
    const { center, low: from, high: to } = estimate
    return `${arm} meets ${all} up to ${rounded(center)} req/s (interval ${rounded(from)} … ${rounded(to)})`
  }
  if (low === undefined && high === undefined) return `No capacity of ${arm} found for ${all}`
  if (low === undefined) return `${arm} misses ${all} even at ${rounded(high as number)} req/s`
  const range =
    high === undefined ? `at least ${rounded(low)}` : `${rounded(low)} … ${rounded(high)}`
  return `${arm} meets ${all} up to ${range} req/s`
}

/** How the figures of the headline came about. */
function basis({ estimate, low, high }: Capacity): string[] {
  if (estimate !== undefined) {
    return [
      `Estimated from the fraction of requests beyond the limit in ${plural(estimate.trials, 'trial')}; the interval holds the capacity in 9 of 10 searches or more (docs/explanation/method.md#capacity-for-an-objective).`,
    ]
  }
  return low === undefined || high === undefined
    ? []
    : [
        'Most trials at the lower rate met the objectives, and most at the higher missed them; there is no interval for the rate between.',
      ]
}

/** Which nodes drove, and served. */
function nodes({ engine }: Capacity): string[] {
  if (engine === undefined) return []
  return [`Drivers ${engineLines(engine, undefined).join('; ')}.`]
}

const endings: Readonly<Record<Capacity['reason'], string>> = {
  'goal width':
    'The goal of precision was reached; rates down to half of it met the objectives as well.',
  'rate limit': 'The driver cannot send more than this: the capacity may be higher.',
  'out of reach': 'Even the lowest rate misses the objective.',
  'invalid trials':
    'Stopped: three trials in a row were invalid (host or driver disturbed). Repeat it on an idle machine.',
  trials: 'Stopped at the maximum number of trials: the interval is wider than the goal.',
  time: 'Stopped at the time limit: the interval is wider than the goal.',
  interrupted: 'Interrupted: the interval is the one found so far.',
  failed: 'Ended by an error: the interval is the one found so far.',
}

/** What the search lacked, as what to do about it; none where it lacked nothing. */
const nextSteps: Readonly<Record<Capacity['reason'], readonly string[]>> = {
  'goal width': [],
  'rate limit': ['give the driver CPUs of its own, or drivers on other hosts (--engine)'],
  'out of reach': ['a lower --start, or an objective that is less strict'],
  'invalid trials': ['lb selftest  # shows what disturbs this machine; then run it again'],
  trials: ['the same with a longer --duration: trials contradict each other less'],
  time: ['the same with a longer --max-time'],
  interrupted: ['the same command measures the rest'],
  failed: ['lb doctor  # checks this host; the error is below'],
}

/** `60, 3 of them invalid; seed 7`: how much was measured, and what repeats it. */
function trialWords({ trials, curve, seed }: Capacity): string {
  const invalid = curve.reduce((sum, point) => sum + point.invalid, 0)
  return `${trials}${invalid > 0 ? `, ${invalid} of them invalid` : ''}; --seed ${seed} repeats them`
}

function cells(
  { rate, p50, p99, failed, met, missed, invalid }: RatePoint,
  most: number,
): string[] {
  const time = (seconds: number | undefined) =>
    seconds === undefined ? '–' : quantity(seconds, 's')
  return [
    `${rounded(rate)} req/s`,
    time(p50),
    time(p99),
    bar(p99 ?? 0, most, 14),
    partPercent(failed),
    `${met}`,
    `${missed}`,
    `${invalid}`,
  ]
}
