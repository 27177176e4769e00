import type { Arm } from '../../plan/plan.ts'
import type { ResultDocument, Summary } from '../../result/document.ts'
import type { ReproducedTable, Trend } from '../../result/reproduction.ts'
import type { TrendReason } from '../../result/trend-reason.ts'
import { type Comparison, compare, minPairs } from '../../stats/tests/comparison.ts'
import { pairsOf } from '../findings/pairs.ts'
import type { DocumentedRow } from './documented-row.ts'
import { notJudged } from './not-judged.ts'
import { compareEfficiency, compareRatio, documentedRatio } from './trend.ts'

/** A row to judge, and its base row. */
export interface JudgeRowOptions {
  readonly row: DocumentedRow
  readonly base: DocumentedRow
  readonly kind: ReproducedTable['kind']
  /** δ: the largest relative difference that counts as none. */
  readonly margin: number
  readonly result: ResultDocument
}

/** Judges whether a row has the documented ratio to its base row or, in a scaling table, the documented efficiency. */
export function judgeRow({ row, base, kind, margin, result }: JudgeRowOptions): Trend {
  const growth = kind === 'scaling' ? row.documentedCores / base.documentedCores : 1
  const raw = documentedRatio(row.documented, base.documented)
  const documented = {
    value: raw.value / growth,
    low: raw.low / growth,
    high: raw.high / growth,
  }
  const trend = { documented: documented.value, base: base.name }
  const obstacle = notJudged([base, row], kind, result)
  const comparison = compareRows(row, base, result)
  const measured = comparison && scaledBy(comparison.ratio, base.cores / row.cores, kind)
  const shown = measured && ![base, row].some(isOversubscribed) ? { measured } : {}
  if (obstacle !== undefined || comparison === undefined || measured === undefined) {
    return { ...trend, ...shown, outcome: 'not judged', reason: obstacle ?? noPairs }
  }
  if (comparison.outcome === 'too few trials') {
    return { ...trend, ...shown, outcome: 'inconclusive', reason: tooFewPairs(comparison) }
  }
  const judge = kind === 'scaling' ? compareEfficiency : compareRatio
  return { ...trend, ...shown, outcome: judge(documented, measured, margin) }
}

/** Fewer than two blocks have a valid trial of both rows. */
export const noPairs: TrendReason = { code: 'no-pairs', values: {} }

/** So few pairs cannot decide, whatever their values. */
export function tooFewPairs({ ratio: { n, confidence } }: Comparison): TrendReason {
  return { code: 'too-few-pairs', values: { pairs: n, needed: minPairs(confidence), confidence } }
}

/** Row ÷ base by the judged metric, from the pairs of the blocks; undefined below two pairs. */
export function compareRows(
  row: DocumentedRow,
  base: DocumentedRow,
  { plan, trials }: ResultDocument,
): Comparison | undefined {
  const [other, first] = [row, base].map((one) =>
    plan.arms.find(({ name }) => name === one.arm),
  ) as [Arm | undefined, Arm | undefined]
  if (other === undefined || first === undefined || other === first) return undefined
  const question = { phase: 'capacity', metric: row.judgedMetric } as const
  const { pairs, covariate } = pairsOf(trials, { base: first, other }, question)
  return pairs.length < 2 ? undefined : compare(pairs, { better: 'more', margin: 0, covariate })
}

function isOversubscribed({ finding }: DocumentedRow): boolean {
  return finding?.validity === 'oversubscribed'
}

function scaledBy(ratio: Summary, factor: number, kind: ReproducedTable['kind']): Summary {
  if (kind === 'ratios') return ratio
  const { center, low, high } = ratio
  return { ...ratio, center: center * factor, low: low * factor, high: high * factor }
}
