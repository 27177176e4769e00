import { plural } from '../../src/kit/plural.ts'
import { percent, rounded, scaled } from '../../src/kit/units.ts'
import type { Summary } from '../../src/result/document.ts'
import type {
  ReproducedRow,
  ReproducedTable,
  Reproduction,
  TrendOutcome,
} from '../../src/result/reproduction.ts'
import { remarkLaw } from './remark-wordings.ts'

/** The measured value of a row in the unit of the document, and its interval. */
export function measuredWords(row: ReproducedRow): { figure: string; interval: string } {
  const { measured, divisor, unit, validity, isLowerBound } = row
  if (measured === undefined) return { figure: 'not measured', interval: '' }
  const scale = { divisor, unit }
  const mark = { valid: '', oversubscribed: '†', invalid: '!', 'not measured': '' }[validity]
  return {
    figure: `${isLowerBound ? '≥' : ''}${scaled(measured.center, scale)} ${unit}${mark}`,
    interval:
      measured.n < 2 ? '' : `${scaled(measured.low, scale)}–${scaled(measured.high, scale)}`,
  }
}

/** `projected ≤61,200 req/s`: the upper bound from the CPU time per request, on cores that the host lacks. */
export function projectedWords({ projection, divisor, unit }: ReproducedRow): string {
  return projection ? `projected ≤${scaled(projection.center, { divisor, unit })} ${unit}` : ''
}

/** The outcome of a row's trend, and the documented and measured trend behind it. */
export function trendWords(
  { trend }: ReproducedRow,
  { kind }: ReproducedTable,
): { outcome: string; documented: string; measured: string } {
  if (trend === undefined) return { outcome: '–', documented: '', measured: '' }
  const figure = kind === 'scaling' ? percent : (ratio: number) => `×${ratio.toFixed(3)}`
  return {
    outcome: trend.outcome,
    documented: figure(trend.documented),
    measured: trend.measured ? measuredTrend(trend.measured, kind) : '',
  }
}

function measuredTrend({ center, low, high, n }: Summary, kind: ReproducedTable['kind']): string {
  if (kind === 'scaling') {
    return `${percent(center)}${n < 2 ? '' : ` (${bare(low)}–${percent(high)})`}`
  }
  return `×${center.toFixed(3)}${n < 2 ? '' : ` (${low.toFixed(3)}–${high.toFixed(3)})`}`
}

function bare(share: number): string {
  return percent(share).replace(' %', '')
}

/** The head of the column with the trend. */
export function trendHeading({ kind, rows }: ReproducedTable): string {
  return kind === 'scaling' ? 'efficiency of the step' : `trend: ratio to ${rows[0]?.name ?? ''}`
}

/** The summary in one paragraph: how many trends agree, and where the documented figures contradict each other. */
export function summaryWords({ tables, remarks }: Reproduction): string {
  const trends = tables.flatMap(({ rows }) => rows.flatMap(({ trend }) => trend ?? []))
  const count = (wanted: TrendOutcome) => trends.filter(({ outcome }) => outcome === wanted).length
  const judged = trends.length - count('not judged')
  const notJudged = count('not judged') > 0 ? `; ${count('not judged')} not judged` : ''
  return [
    judged === 0
      ? 'No row could be judged here.'
      : `Documented trend of ${plural(judged, 'row')}: ${count('agrees')} agree, ${count('differs')} differ, ${count('inconclusive')} inconclusive${notJudged}.`,
    'Absolute figures are shown and not judged: the hardware differs.',
    remarksInShort(remarks),
  ].join(' ')
}

function remarksInShort(remarks: Reproduction['remarks']): string {
  const lawsOf = (kind: Reproduction['remarks'][number]['kind']) =>
    remarks.filter((one) => one.kind === kind).map(remarkLaw)
  const [contradicted, implied] = [lawsOf('contradiction'), lawsOf('implication')]
  const also =
    implied.length === 0 ? '' : `; they imply facts that they do not state (${implied.join(', ')})`
  return contradicted.length === 0
    ? `The documented figures do not contradict each other${also}.`
    : `The documented figures contradict each other or their method in ${plural(contradicted.length, 'place')} (${[...new Set(contradicted)].join(', ')})${also}.`
}

/** A row of a scaling table: throughput as a multiple of the first row's. */
export interface SpeedUp {
  readonly name: string
  readonly documented: number
  /** Rows within the cores of the host. */
  readonly measured?: number
  /** An upper bound. */
  readonly projected?: number
}

/** The speed-ups of a scaling table; undefined for any other table. */
export function speedUps({ kind, rows }: ReproducedTable): SpeedUp[] | undefined {
  const [first] = rows
  if (kind !== 'scaling' || first === undefined) return undefined
  const base = first.validity === 'valid' ? first.measured?.center : undefined
  return rows.map(({ name, documented, measured, validity, projection }) => ({
    name,
    documented: documented.value / first.documented.value,
    ...(base && measured && validity === 'valid' && { measured: measured.center / base }),
    ...(base && projection && { projected: projection.center / base }),
  }))
}

/** `×1.95` */
export function multiple(value: number): string {
  return `×${rounded(value)}`
}

/** `measured (95 % interval)`, or the kind of spread that it has. */
export function measuredHeading({ rows }: ReproducedTable): string {
  const [first] = rows.flatMap(({ measured }) => measured ?? [])
  if (first === undefined || first.n < 2) return 'measured'
  return first.interval === 'range'
    ? 'measured (range)'
    : `measured (${percent(first.confidence)} interval)`
}
