import { plural } from '../../src/kit/plural.ts'
import { percent, quantity } from '../../src/kit/units.ts'
import type { Finding, ResultDocument } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { type Phase, rowsOf } from './rows.ts'

/** The metrics that a phase is asked for, in the order in which its table shows them. */
export const shown: Readonly<Record<Phase, readonly MetricName[]>> = {
  capacity: [
    'throughput',
    'latencyMean',
    'latencyP50',
    'latencyP99',
    'errorShare',
    'cpuUsed',
    'cpuPerRequest',
    'rssMean',
  ],
  latency: [
    'throughput',
    'latencyP50',
    'addedP50',
    'latencyP99',
    'addedP99',
    'errorShare',
    'cpuPerRequest',
    'rssMean',
  ],
}

/** What a phase asks, and how its latency must be read. */
export function heading(document: ResultDocument, phase: Phase): string {
  if (phase === 'capacity') {
    return 'How much: closed loop, so the latency here is that at saturation'
  }
  const rate =
    document.phaseEndings.find((ending) => ending.phase === phase)?.rate ??
    document.trials.find(({ trial }) => trial.phase === phase)?.rate
  const at = rate === undefined ? '' : ` at ${quantity(rate, 'req/s')}`
  return `How fast: open loop${at}, latency from when each request was due`
}

/** How a phase ended, what its marks mean, and what its spread is. */
export function footnotes(document: ResultDocument, phase: Phase): string[] {
  const findings = rowsOf(document, phase).map(({ finding }) => finding)
  const has = (validity: Finding['validity']) => findings.some((one) => one.validity === validity)
  const notes: readonly (readonly [boolean, string])[] = [
    [true, spreadNote(findings)],
    [
      has('oversubscribed'),
      '† Oversubscribed: more workers than CPUs; says nothing of that many cores, and is not ranked.',
    ],
    [has('invalid'), '! Invalid: why stands below; not ranked.'],
    [findings.some(({ isLowerBound }) => isLowerBound), boundNote(findings)],
    [
      phase === 'latency' && findings.some(({ metrics }) => metrics.addedP50 ?? metrics.addedP99),
      '+p50, +p99: what the target adds to the backends driven directly; ± in the same unit.',
    ],
  ]
  return [
    ...endingNote(document, phase),
    ...notes.filter(([applies]) => applies).map(([, note]) => note),
  ]
}

/** Of a throughput that its target did not limit: what did, as in `(driver-limited)`. */
function boundNote(findings: readonly Finding[]): string {
  const bounds = findings.filter(({ isLowerBound }) => isLowerBound)
  const who = [...new Set(bounds.map(({ bottleneck }) => `${bottleneck}-limited`))]
  return `≥ A lower bound: something other than the target limited it (${who.join(', ')}).`
}

function endingNote(document: ResultDocument, phase: Phase): string[] {
  const ending = document.phaseEndings.find((one) => one.phase === phase)
  if (ending === undefined) return []
  const { blocks, endedBy, widestHalfWidth } = ending
  const why = {
    plan: blocks === 1 ? 'Its one block ran' : `All ${blocks} blocks ran`,
    precision: `Stopped after ${plural(blocks, 'block')}, as the precision asked for was reached`,
    time: `Stopped after ${plural(blocks, 'block')}, as the time was used up`,
    interrupted: `Interrupted after ${plural(blocks, 'block')}`,
  }
  const wide =
    widestHalfWidth === undefined ? '' : `; the widest interval is ±${percent(widestHalfWidth)}`
  return [`${why[endedBy]}${wide}.`]
}

function spreadNote(findings: readonly Finding[]): string {
  const all = findings.flatMap(({ metrics }) => metrics.throughput ?? [])
  const trials = Math.max(0, ...all.map(({ n }) => n))
  if (trials < 2) return 'One trial each: nothing is known of the spread.'
  const [first] = all.filter(({ interval }) => interval === 'confidence')
  return first
    ? `Middle of ${trials} trials; ± the farther edge of its ${first.confidence * 100} % interval.`
    : `Middle of ${trials} trials; ± how far the farthest trial lies from it.`
}
