import { plural } from '../../src/kit/plural.ts'
import { percent } from '../../src/kit/units.ts'
import type { Finding, Summary } from '../../src/result/document.ts'
import type { MetricName } from '../../src/result/metrics.ts'

/**
 * How the figures of a table were computed, in a sentence: `Geometric mean of 6 trials; ± the wider half of the 95 %
 * confidence interval.`
 */
export function estimatorNote(findings: readonly Finding[], names: readonly MetricName[]): string {
  const all = findings.flatMap(({ metrics }) => names.flatMap((name) => metrics[name] ?? []))
  const trials = all.map(({ n }) => n)
  if (Math.max(0, ...trials) < 2) return 'One trial per arm: no error estimate.'
  const merged = all.some(({ estimator }) => estimator === 'merged histograms')
  return [
    ...centers(findings, names),
    ...(merged ? ['percentiles from the merged histograms of all trials'] : []),
    spreads(all),
  ]
    .join('; ')
    .concat('.')
}

/** Fractions may be 0: their plain mean needs no word. */
const fractions: readonly MetricName[] = ['errorShare', 'addedP50', 'addedP99']

/** Estimators of all metrics but fractions and merged percentiles, with the numbers of trials that each was used for. */
function centers(findings: readonly Finding[], names: readonly MetricName[]): string[] {
  const words = {
    'mean of logarithms': 'geometric mean',
    mean: 'mean',
    'pseudo-median': 'pseudo-median (Hodges–Lehmann)',
    shift: 'shift',
  }
  const all = names
    .filter((name) => !fractions.includes(name))
    .flatMap((name) => findings.flatMap(({ metrics }) => metrics[name] ?? []))
  const groups = Map.groupBy(
    all.flatMap(({ estimator, n }) =>
      estimator === 'merged histograms' ? [] : [{ estimator, n }],
    ),
    ({ estimator }) => estimator,
  )
  const joined = [...groups]
    .map(([estimator, group]) => {
      const counts = group.map(({ n }) => n)
      return `${words[estimator]} of ${trialCount(Math.min(...counts), Math.max(...counts))}`
    })
    .join(', ')
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
