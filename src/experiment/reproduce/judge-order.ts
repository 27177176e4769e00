import type { ResultDocument } from '../../result/document.ts'
import type { OrderedPair, RowOrder, TrendOutcome } from '../../result/reproduction.ts'
import type { DocumentedRow } from './documented-row.ts'
import { compareRows, noPairs, tooFewPairs } from './judge-row.ts'
import { notJudged } from './not-judged.ts'
import { compareOrder } from './trend.ts'

/** Judges whether the rows of a table have the documented order, by all pairs that are documented more than δ apart. */
export function judgeOrder(
  rows: readonly DocumentedRow[],
  margin: number,
  result: ResultDocument,
): RowOrder {
  const sorted = rows.toSorted((a, b) => b.documented.value - a.documented.value)
  const areApart = (a: DocumentedRow, b: DocumentedRow) =>
    a.documented.value > b.documented.value * (1 + margin)
  const pairs = sorted.flatMap((more, i) =>
    sorted
      .slice(i + 1)
      .filter((less) => areApart(more, less))
      .map((less) => judgePair(more, less, { margin, result })),
  )
  const documented = sorted.map((row, i) => {
    const next = sorted[i + 1]
    const relation = next && ({ next: areApart(row, next) ? '>' : '≈' } as const)
    return { row: row.name, ...relation }
  })
  return { outcome: outcomeOf(pairs), documented, margin, pairs }
}

/** The outcome of an order: one pair that differs decides it, and one that is inconclusive leaves it open. */
function outcomeOf(pairs: readonly OrderedPair[]): TrendOutcome {
  const judged = pairs.filter(({ outcome }) => outcome !== 'not judged')
  const has = (wanted: TrendOutcome) => judged.some(({ outcome }) => outcome === wanted)
  if (judged.length === 0) return 'not judged'
  if (has('differs')) return 'differs'
  return has('inconclusive') ? 'inconclusive' : 'agrees'
}

function judgePair(
  more: DocumentedRow,
  less: DocumentedRow,
  { margin, result }: { readonly margin: number; readonly result: ResultDocument },
): OrderedPair {
  const pair = { more: more.name, less: less.name }
  const obstacle = notJudged([more, less], 'ratios', result)
  const comparison = compareRows(more, less, result)
  if (obstacle !== undefined || comparison === undefined) {
    return { ...pair, outcome: 'not judged', reason: obstacle ?? noPairs }
  }
  if (comparison.outcome === 'too few trials') {
    return { ...pair, outcome: 'inconclusive', reason: tooFewPairs(comparison) }
  }
  const { ratio } = comparison
  const outcome = compareOrder(more.documented.value / less.documented.value, ratio, margin)
  if (outcome === 'agrees') return { ...pair, outcome }
  if (outcome === 'inconclusive') {
    return { ...pair, outcome, reason: { code: 'indistinguishable', values: {} } }
  }
  return {
    ...pair,
    outcome,
    reason:
      ratio.high < 1
        ? { code: 'reversed', values: {} }
        : { code: 'within-margin', values: { margin } },
  }
}
