import { plural } from '../../src/kit/plural.ts'
import { percent, quantity } from '../../src/kit/units.ts'
import type { Finding, PhaseEnding, ResultDocument } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import { halfWidth } from '../../src/stats/estimates/precision.ts'
import { estimatorNote } from './estimator-note.ts'
import { type Phase, rowsOf } from './rows.ts'

/** The metrics that the table of a phase shows, in their order. */
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

/** The question of a phase, and how its latency must be read. */
export function heading(document: ResultDocument, phase: Phase): string {
  if (phase === 'capacity') {
    return `Capacity: maximum throughput (closed loop, ${plural(document.plan.connections, 'busy connection')}; latency includes queueing)`
  }
  const rate =
    document.phaseEndings.find((ending) => ending.phase === phase)?.rate ??
    document.trials.find(({ trial }) => trial.phase === phase)?.rate
  const at = rate === undefined ? '' : ` at ${quantity(rate, 'req/s')}`
  return `Latency${at} (open loop, measured from each request's scheduled time)`
}

/** How a phase ended, how its figures were computed, and what its marks mean. */
export function footnotes(document: ResultDocument, phase: Phase): string[] {
  const findings = rowsOf(document, phase).map(({ finding }) => finding)
  const has = (validity: Finding['validity']) => findings.some((one) => one.validity === validity)
  const notes: readonly (readonly [boolean, string])[] = [
    [true, estimatorNote(findings, shown[phase])],
    [
      has('oversubscribed'),
      '† Oversubscribed: more workers than CPUs; not a measurement of that many cores, and excluded from the ranking.',
    ],
    [has('invalid'), '! Not reliable: excluded from the ranking (reasons under Warnings).'],
    [findings.some(({ isLowerBound }) => isLowerBound), lowerBoundNote(findings)],
    [
      phase === 'latency' && findings.some(({ metrics }) => metrics.addedP50 ?? metrics.addedP99),
      '+p50, +p99: the percentile less that of the backends without a balancer; ± in the same unit, from the differences in each block.',
    ],
  ]
  return [
    ...endingNote(document, phase),
    ...notes.filter(([applies]) => applies).map(([, note]) => note),
  ]
}

/** The bottlenecks of throughputs that are lower bounds: `(driver-limited)`. */
function lowerBoundNote(findings: readonly Finding[]): string {
  const bounds = findings.filter(({ isLowerBound }) => isLowerBound)
  const codes = [...new Set(bounds.map(({ bottleneck }) => `${bottleneck}-limited`))]
  return `≥ A lower bound: the target was not the bottleneck (${codes.join(', ')}).`
}

/** Half-width of the widest interval of the phase's leading metric: of the comparisons that are shown, where there are any. */
function widestOf({ comparisons }: ResultDocument, ending: PhaseEnding): number | undefined {
  const metric = ending.phase === 'capacity' ? 'throughput' : 'latencyP50'
  const widths = comparisons
    .filter((one) => one.phase === ending.phase && one.metric === metric && one.arm !== one.base)
    .map(({ ratio }) => halfWidth(ratio))
  return widths.length > 0 ? Math.max(...widths) : ending.widestHalfWidth
}

function endingNote(document: ResultDocument, phase: Phase): string[] {
  const ending = document.phaseEndings.find((one) => one.phase === phase)
  if (ending === undefined) return []
  const { blocks, endedBy } = ending
  const widest = widestOf(document, ending)
  const width = widest === undefined ? '' : ` (widest interval of a comparison ±${percent(widest)})`
  const completed = plural(blocks, 'block')
  return [
    {
      plan: `${completed} completed.`,
      precision: `Stopped after ${completed}: the precision was reached${width}.`,
      time: `Stopped after ${completed}: --max-time was reached${width}.`,
      interrupted: `Interrupted after ${completed}.`,
    }[endedBy],
  ]
}
