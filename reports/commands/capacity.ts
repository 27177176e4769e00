import type { RenderOptions } from '../../src/kit/render-options.ts'
import { percent, quantity, rounded } from '../../src/kit/units.ts'
import { objectiveText } from '../../src/plan/objective.ts'
import type { Capacity, RatePoint } from '../../src/result/capacity.ts'
import { grid } from '../layout/grid.ts'
import { screen } from '../layout/screen.ts'

/** What a search for a capacity found, as text for people: the interval first, then the curve it saw. */
export function capacityText(found: Capacity, look: RenderOptions): string {
  const { paint } = screen(look)
  const table = grid({
    head: ['rate', 'p50', 'p99', 'failed', 'trials: held', 'missed', 'spoilt'],
    rows: found.curve.map(cells),
    rule: look.unicode ? '─' : '-',
  })
  const lines = [paint.strong(headline(found)), why[found.reason], '', table]
  return `${lines.map(paint.plain).join('\n')}\n`
}

function headline({ arm, objectives, low, high }: Capacity): string {
  const what = objectives.map(objectiveText).join(' and ')
  if (low === undefined) {
    const least = high === undefined ? 'no rate that was tried' : `${rounded(high)} req/s`
    return `${arm} does not hold ${what}: it fails at ${least}`
  }
  const range =
    high === undefined ? `at least ${rounded(low)}` : `${rounded(low)} … ${rounded(high)}`
  return `${arm} holds ${what} up to ${range} req/s`
}

const why: Readonly<Record<Capacity['reason'], string>> = {
  'goal width': 'Both edges were confirmed, and lie within 2 % of each other.',
  'rate limit': 'The driver can send no more than this, so the target may hold more.',
  'out of reach': 'Not even the lowest rate holds.',
  spoilt: 'It gave up: host or driver spoilt three trials in a row, and such trials say nothing.',
  trials: 'It ended at its limit of trials: the interval is wider than it was to be.',
  time: 'It ran out of time: the interval is wider than it was to be, and its edges are not confirmed.',
  interrupted: 'It was interrupted: the interval is what was known by then.',
}

function cells({ rate, p50, p99, failed, held, missed, spoilt }: RatePoint): string[] {
  const time = (seconds: number | undefined) =>
    seconds === undefined ? '–' : quantity(seconds, 's')
  return [
    `${rounded(rate)} req/s`,
    time(p50),
    time(p99),
    percent(failed),
    `${held}`,
    `${missed}`,
    `${spoilt}`,
  ]
}
