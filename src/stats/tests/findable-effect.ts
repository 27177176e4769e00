import { gaussian } from '../../kit/gaussian.ts'
import { seeded } from '../../kit/random.ts'
import { pseudoMedian } from '../estimates/hodges-lehmann.ts'
import { mean } from '../estimates/moments.ts'
import { quantile } from '../estimates/quantile.ts'
import { meanInterval } from '../estimates/student-interval.ts'
import { minForSignedRank } from '../estimates/summary.ts'
import { minPairs } from './comparison.ts'

/** Comparisons that are simulated: the standard error of a power of 0.9 is 0.55 %. */
const simulated = 3000

/** Pairs up to which pseudo-medians are simulated: their time is the square of that. Beyond, means of the same precision are. */
const maxRanked = 16
/** Efficiency of the pseudo-median of normal values, relative to that of their mean: 3/π. */
const rankedEfficiency = 3 / Math.PI

/** How noisy pairs are, and what counts as a difference. */
interface FindableOptions {
  /** Standard deviation of the log-ratios. */
  readonly spread: number
  /** δ of the comparison, as a fraction. */
  readonly margin: number
  readonly power?: number
  readonly confidence?: number
}

/**
 * The minimum relative change that a comparison of `n` pairs reports as better or worse with the given power, by the rule
 * of `compare` itself: an interval without 1, and an estimate beyond δ. Infinite for so few pairs that nothing can decide.
 * By simulation of normal log-ratios with a fixed seed: an effect shifts interval and estimate, so each simulated sample
 * has one smallest effect that is found in it, and the power is the fraction of samples whose smallest effect is below.
 */
export function findableEffect(
  n: number,
  { spread, margin, power = 0.9, confidence = 0.95 }: FindableOptions,
): number {
  if (n < minPairs(confidence)) return Number.POSITIVE_INFINITY
  const normal = gaussian(seeded(n))
  const isRanked = n >= minForSignedRank && n <= maxRanked
  const scale = n > maxRanked ? spread / Math.sqrt(rankedEfficiency) : spread
  const smallest = Array.from({ length: simulated }, () => {
    const sample = Array.from({ length: n }, () => scale * normal())
    const center = mean(sample)
    const { low } = isRanked ? pseudoMedian(sample, confidence) : meanInterval(sample, confidence)
    return Math.max(-Math.min(low, center), Math.log1p(margin) - center)
  })
  return Math.expm1(quantile(smallest, power))
}

/** The minimum number of pairs with which a relative change of `effect` is found with the given power; infinite above 512. */
export function pairsToFind(effect: number, options: FindableOptions): number {
  const reaches = (n: number) => findableEffect(n, options) <= effect
  if (effect <= options.margin) return Number.POSITIVE_INFINITY
  let [few, many] = [minPairs(options.confidence ?? 0.95) - 1, 8]
  while (!reaches(many)) {
    if (many >= 512) return Number.POSITIVE_INFINITY
    few = many
    many *= 2
  }
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2)
    if (reaches(middle)) many = middle
    else few = middle
  }
  return many
}
