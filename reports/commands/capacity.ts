import { plural } from '../../src/kit/plural.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent, quantity, rounded } from '../../src/kit/units.ts'
import { objectiveText } from '../../src/plan/objective.ts'
import type { Capacity, RatePoint } from '../../src/result/capacity.ts'
import { grid } from '../layout/grid.ts'
import { terminal } from '../layout/terminal.ts'

/** The result of a capacity search for a terminal: the interval first, then why the search ended, then its rates. */
export function capacityText(capacity: Capacity, options: RenderOptions): string {
  const { paint } = terminal(options)
  const table = grid({
    head: ['rate', 'p50', 'p99', 'failed', 'trials: met', 'missed', 'invalid'],
    rows: capacity.curve.map(cells),
    rule: options.unicode ? '─' : '-',
  })
  const lines = [
    paint.strong(headline(capacity)),
    ...basis(capacity),
    endings[capacity.reason],
    '',
    table,
    '',
    `Seed ${capacity.seed}.`,
  ]
  return `${lines.map(paint.plain).join('\n')}\n`
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
}

function cells({ rate, p50, p99, failed, met, missed, invalid }: RatePoint): string[] {
  const time = (seconds: number | undefined) =>
    seconds === undefined ? '–' : quantity(seconds, 's')
  return [
    `${rounded(rate)} req/s`,
    time(p50),
    time(p99),
    percent(failed),
    `${met}`,
    `${missed}`,
    `${invalid}`,
  ]
}
