import { plural } from '../../src/kit/plural.ts'
import { percent } from '../../src/kit/units.ts'
import type { Finding, Summary } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'

/**
 * How the figures of a table were computed, in a sentence: `Mean of 3 trials; percentiles from the merged histograms of
 * all trials; ± the wider half of the 95 % confidence interval.`
 */
export function estimatorNote(findings: readonly Finding[], names: readonly MetricName[]): string {
  const all = findings.flatMap(({ metrics }) => names.flatMap((name) => metrics[name] ?? []))
  const trials = all.map(({ n }) => n)
  if (Math.max(0, ...trials) < 2) return 'One trial per arm: no error estimate.'
  const merged = all.some(({ estimator }) => estimator === 'merged histograms')
  const typical = all.some(({ estimator }) => estimator === 'mean of logarithms')
  return [
    ...centers(all),
    ...(typical
      ? ['percentiles of a typical trial (mean of the logarithms of the trials’ own)']
      : []),
    ...(merged ? ['percentiles from the merged histograms of all trials'] : []),
    spreads(all),
  ]
    .join('; ')
    .concat('.')
}

/** Estimators of all metrics but the percentiles, with the numbers of trials that each was used for. */
function centers(all: readonly Summary[]): string[] {
  const names = { mean: 'mean', 'pseudo-median': 'pseudo-median (Hodges–Lehmann)', shift: 'shift' }
  const groups = Map.groupBy(
    all.flatMap(({ estimator, n }) =>
      estimator === 'merged histograms' || estimator === 'mean of logarithms'
        ? []
        : [{ estimator, n }],
    ),
    ({ estimator }) => estimator,
  )
  const words = [...groups].map(([estimator, group]) => {
    const counts = group.map(({ n }) => n)
    return `${names[estimator]} of ${trialCount(Math.min(...counts), Math.max(...counts))}`
  })
  const joined = words.join(', ')
  return joined === '' ? [] : [`${joined.charAt(0).toUpperCase()}${joined.slice(1)}`]
}

function trialCount(low: number, high: number): string {
  return low === high ? plural(high, 'trial') : `${low} to ${high} trials`
}

function spreads(all: readonly Summary[]): string {
  const [sure] = all.filter(({ interval }) => interval === 'confidence')
  const ranged = all.some(({ interval, n }) => interval === 'range' && n > 1)
  const farthest = 'the distance to the farthest trial'
  if (sure === undefined) return `± ${farthest}`
  const level = `± the wider half of the ${percent(sure.confidence)} confidence interval`
  return ranged ? `${level}, or ${farthest} where there are fewer than 3` : level
}
