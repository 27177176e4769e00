import {
  fractionUpTo,
  subsetSums,
  subsetSumsOfSize,
  sumQuantile,
} from '../distributions/rank-sums.ts'
import { median } from './quantile.ts'

/** An estimate with its interval. */
export interface Estimate {
  readonly center: number
  readonly low: number
  readonly high: number
  /** What the interval covers at least: it goes in steps, so this is above what was asked, or below if the sample is too small for that. */
  readonly confidence: number
}

/**
 * The pseudo-median of a sample, the median of all means of two of its values (Walsh averages), with the
 * exact interval of the signed-rank test. Half as touchy as a mean, and nearly as sharp (95 %).
 *
 * Source: Hodges and Lehmann, Annals of Mathematical Statistics 34(2), 1963; Hollander and Wolfe, 1973,
 * sections 3.2 and 3.3.
 */
export function pseudoMedian(values: readonly number[], confidence = 0.95): Estimate {
  const averages = values.flatMap((a, i) => values.slice(i).map((b) => (a + b) / 2))
  const ranks = values.map((_, i) => i + 1)
  return fromSorted(averages, subsetSums(ranks), confidence)
}

/**
 * By how much x lies above y, two independent samples: the median of all differences, with the exact
 * interval of the Mann–Whitney test.
 *
 * Source: Hodges and Lehmann, 1963; Hollander and Wolfe, 1973, sections 4.2 and 4.3.
 */
export function shift(x: readonly number[], y: readonly number[], confidence = 0.95): Estimate {
  const differences = x.flatMap((a) => y.map((b) => a - b))
  const ranks = [...x, ...y].map((_, i) => i + 1)
  const least = (x.length * (x.length + 1)) / 2
  return fromSorted(differences, subsetSumsOfSize(ranks, x.length).subarray(least), confidence)
}

/** The interval leaves out as many values at each end as the test's distribution allows. */
function fromSorted(values: number[], counts: Float64Array, confidence: number): Estimate {
  values.sort((a, b) => a - b)
  const outside = Math.max(1, sumQuantile(counts, (1 - confidence) / 2))
  return {
    center: median(values),
    low: values[outside - 1] as number,
    high: values[values.length - outside] as number,
    confidence: 1 - 2 * fractionUpTo(counts, outside - 1),
  }
}
