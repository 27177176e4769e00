import {
  fractionUpTo,
  signedRankSums,
  subsetSumsOfSize,
  sumQuantile,
} from '../distributions/rank-sums.ts'
import type { Estimate } from './interval.ts'
import { quantileOfSorted } from './quantile.ts'

/**
 * The pseudo-median of a sample, which is the median of the means of all pairs of values (Walsh averages), with the
 * exact interval of the signed-rank test. It is robust against outliers, and its efficiency is 95 % of that of a mean.
 *
 * Source: Hodges and Lehmann, Annals of Mathematical Statistics 34(2), 1963; Hollander and Wolfe, 1973,
 * sections 3.2 and 3.3.
 */
export function pseudoMedian(values: readonly number[], confidence = 0.95): Estimate {
  return fromValues(walshAverages(values), signedRankSums(values.length), confidence)
}

/** The means of all pairs of values, of each with itself, too. */
function walshAverages(values: readonly number[]): Float64Array {
  const n = values.length
  const averages = new Float64Array((n * (n + 1)) / 2)
  let at = 0
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages[at++] = ((values[i] as number) + (values[j] as number)) / 2
  }
  return averages
}

/**
 * The shift between two independent samples: the median of all differences x − y, with the exact
 * interval of the Mann–Whitney test.
 *
 * Source: Hodges and Lehmann, 1963; Hollander and Wolfe, 1973, sections 4.2 and 4.3.
 */
export function shift(x: readonly number[], y: readonly number[], confidence = 0.95): Estimate {
  const differences = Float64Array.from(x.flatMap((a) => y.map((b) => a - b)))
  const ranks = [...x, ...y].map((_, i) => i + 1)
  const minRankSum = (x.length * (x.length + 1)) / 2
  return fromValues(differences, subsetSumsOfSize(ranks, x.length).subarray(minRankSum), confidence)
}

/** The interval excludes as many values at each end as the distribution of the test allows. */
function fromValues(values: Float64Array, counts: Float64Array, confidence: number): Estimate {
  values.sort()
  const excluded = Math.max(1, sumQuantile(counts, (1 - confidence) / 2))
  return {
    center: quantileOfSorted(values, 0.5),
    low: values[excluded - 1] as number,
    high: values[values.length - excluded] as number,
    confidence: 1 - 2 * fractionUpTo(counts, excluded - 1),
  }
}
