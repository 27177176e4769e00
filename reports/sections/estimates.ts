import { percent } from '../../src/kit/units.ts'
import type { Comparison, ResultDocument, Summary } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'
import type { Row } from './rows.ts'

/** A row with its estimate of one metric. */
export interface Estimate {
  readonly row: Row
  readonly summary: Summary
}

/** The estimate of a row; undefined where there is none. */
export function estimate(row: Row, metric: MetricName): Estimate | undefined {
  const summary = row.finding.metrics[metric]
  return summary && { row, summary }
}

/** Estimates of one metric, from the largest to the smallest. */
export function bySize(rows: readonly Row[], metric: MetricName): Estimate[] {
  return rows
    .flatMap((row) => estimate(row, metric) ?? [])
    .toSorted((a, b) => b.summary.center - a.summary.center)
}

/** Whether two estimates differ, and the evidence as a clause. */
interface Significance {
  readonly isSignificant: boolean
  readonly words: string
}

/** Whether the first estimate differs from the second: by their pairs where they were compared. */
export function significance(
  document: ResultDocument,
  [a, b]: readonly [Estimate, Estimate],
  metric: MetricName,
): Significance {
  const between = (arm: Estimate, base: Estimate) =>
    document.comparisons.find(
      (one) =>
        one.metric === metric && one.arm === arm.row.arm.name && one.base === base.row.arm.name,
    )
  const forth = between(a, b)
  if (forth) return byPairs(forth, forth.ratio)
  const back = between(b, a)
  if (back) {
    const { center, low, high, ...rest } = back.ratio
    return byPairs(back, { ...rest, center: 1 / center, low: 1 / high, high: 1 / low })
  }
  return byIntervals(a.summary, b.summary)
}

function byPairs(
  { outcome, margin }: Comparison,
  { center, low, high, confidence, n }: Summary,
): Significance {
  const interval = `${percent(confidence)} interval ${low.toFixed(3)} to ${high.toFixed(3)}`
  const ratio = `ratio of the pairs ${center.toFixed(3)} (${interval})`
  const words = {
    better: ratio,
    worse: ratio,
    same: `the same within ${percent(margin)}: ${ratio}`,
    inconclusive: ratio,
    'too few trials': `${n} pairs are too few for a comparison`,
  }[outcome]
  return { isSignificant: outcome === 'better' || outcome === 'worse', words }
}

function byIntervals(a: Summary, b: Summary): Significance {
  if (Math.max(a.n, b.n) < 2) {
    return { isSignificant: false, words: 'one trial each gives no error estimate' }
  }
  if (Math.min(a.n, b.n) < 2) {
    return {
      isSignificant: false,
      words: 'one of the two has a single trial, so no error estimate',
    }
  }
  if (a.low <= b.high && b.low <= a.high) {
    return { isSignificant: false, words: 'their intervals overlap' }
  }
  // Of 4 trials on each side chance alone sets so many apart one time in 35, of 3 one time in 10.
  return {
    isSignificant: Math.min(a.n, b.n) >= 4,
    words: 'their intervals do not overlap (no interval of the difference)',
  }
}
