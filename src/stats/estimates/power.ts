import { normalQuantile } from '../distributions/normal.ts'

/** The spread of pairs (standard deviation of their log-ratios), and the power and level of the test. */
interface PowerOptions {
  readonly spread: number
  readonly power?: number
  readonly confidence?: number
}

/**
 * The number of pairs with which a relative change of `effect` is found with the given power.
 *
 * Source: Guenther, The American Statistician 35(4), 1981: the normal formula plus z²/2 for the t test.
 */
export function pairsForPower(
  effect: number,
  { spread, power = 0.9, confidence = 0.95 }: PowerOptions,
): number {
  const z = normalQuantile((1 + confidence) / 2)
  const ratio = (z + normalQuantile(power)) * (spread / Math.abs(Math.log1p(effect)))
  return Math.ceil(ratio ** 2 + z ** 2 / 2)
}

/** The minimum relative change that `n` pairs find with the given power; infinite for too few pairs. */
export function detectableEffect(
  n: number,
  { spread, power = 0.9, confidence = 0.95 }: PowerOptions,
): number {
  const z = normalQuantile((1 + confidence) / 2)
  const left = n - z ** 2 / 2
  if (left <= 0) return Number.POSITIVE_INFINITY
  return Math.expm1(((z + normalQuantile(power)) * spread) / Math.sqrt(left))
}
