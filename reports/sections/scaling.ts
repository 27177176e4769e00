import { percent, rounded } from '../../src/kit/units.ts'
import type { Curve, ResultDocument } from '../../src/result/document.ts'
import type { TextTable } from '../layout/text-table.ts'
import { spread } from './columns.ts'
import { reasonLines, sentence } from './reasons.ts'
import { label, mark } from './rows.ts'

/** Every curve that has more than one point. */
export function scalingTables(document: ResultDocument): TextTable[] {
  return document.curves
    .filter(({ points }) => points.length > 1)
    .map((curve) => scalingTable(document, curve))
}

/** One curve, with measured and projected values in separate columns. */
export function scalingTable(document: ResultDocument, curve: Curve): TextTable {
  return {
    title: `Scaling of ${label(curve)}`,
    head: ['cores', 'req/s', '±', 'speed-up', 'efficiency', 'projected', 'limited by'],
    rows: curve.points.map((point) => row(document, point)),
    dropOrder: [['efficiency'], ['efficiency', '±']],
    notes: [...fitNotes(curve), ...reasonLines(curve.notes).map(sentence)],
  }
}

function row(document: ResultDocument, point: Curve['points'][number]): string[] {
  const finding = document.findings.find(
    ({ arm, phase }) => arm === point.arm && phase === 'capacity',
  )
  const throughput = finding?.metrics.throughput
  const bound = finding?.isLowerBound || point.isLowerBound ? '≥' : ''
  return [
    `${point.cores}${finding ? mark(finding) : ''}`,
    throughput ? `${bound}${rounded(throughput.center)}` : '–',
    spread(throughput) || '–',
    point.speedup === undefined ? '–' : `${bound}${rounded(point.speedup)}`,
    point.efficiency === undefined ? '–' : `${bound}${percent(point.efficiency)}`,
    point.projection ? `≤${rounded(point.projection.center)}` : '–',
    finding?.bottleneck ?? '–',
  ]
}

function fitNotes({ fit }: Curve): string[] {
  if (fit === undefined) return []
  const { lambda, sigma, kappa, peak, boundary, warnings } = fit
  const edge = boundary.length === 0 ? '' : ` (${boundary.join(', ')} on the bound)`
  const top = peak === undefined ? '' : `; peak at ${rounded(peak)} cores`
  return [
    `Universal Scalability Law: λ = ${fitted(lambda, ' req/s')}, σ = ${fitted(sigma)}, κ = ${fitted(kappa)}${edge}${top}.`,
    ...reasonLines(warnings).map(sentence),
  ]
}

type Parameter = NonNullable<Curve['fit']>['lambda']

/** A parameter with its interval, where it has one: `0.0168 (0.0121 … 0.0213)`. */
function fitted({ estimate, interval }: Parameter, unit = ''): string {
  const value = `${rounded(estimate)}${unit}`
  return interval === undefined
    ? value
    : `${value} (${rounded(interval.low)} … ${rounded(interval.high)})`
}
