import { digamma, inverseTrigamma, trigamma } from '../distributions/polygamma.ts'
import { mean } from './moments.ts'

/** One of many quantities that were each measured a few times. */
export interface MeasuredVariance {
  /** Size of the quantity, above 0: the variance follows it. */
  readonly size: number
  /** Variance of its values. */
  readonly variance: number
}

/** A variance for each quantity, all with the same degrees of freedom. */
export interface ModeratedVariances {
  readonly variances: readonly number[]
  readonly df: number
}

/** Quantities from which on their variances have a distribution that can be estimated. */
const minQuantities = 10

/**
 * The variances of many similar quantities, each drawn towards what quantities of its size have: a few values tell little of
 * a variance, and many quantities tell how variances are distributed. The prior is a scaled inverse χ² distribution around a
 * line through the logarithms of variance and size. Fewer than 10 quantities keep their own.
 *
 * Source: Smyth, Statistical Applications in Genetics and Molecular Biology 3(1), 2004, sections 3 and 6.2; the trend as in
 * the package limma, `eBayes(trend = TRUE)`, with a straight line.
 *
 * @param df degrees of freedom of each variance
 */
export function moderatedVariances(
  measured: readonly MeasuredVariance[],
  df: number,
): ModeratedVariances {
  const used = measured.filter(({ size, variance }) => size > 0 && variance > 0)
  if (used.length < minQuantities) {
    return { variances: measured.map(({ variance }) => variance), df }
  }
  const logs = used.map(({ size, variance }) => ({
    x: Math.log(size),
    // Unbiased for the logarithm of the true variance.
    y: Math.log(variance) - centerOfLog(df),
  }))
  const line = lineThrough(logs)
  const scatter =
    logs.reduce((sum, { x, y }) => sum + (y - line(x)) ** 2, 0) / (used.length - 2) -
    trigamma(df / 2)
  // No more scatter than variances of so few values have anyway: they are all as the line says.
  const priorDf = scatter > 0 ? 2 * inverseTrigamma(scatter) : Number.POSITIVE_INFINITY
  const shift = Number.isFinite(priorDf) ? centerOfLog(priorDf) : 0
  const variances = measured.map(({ size, variance }) => {
    if (!(size > 0)) return variance
    const prior = Math.exp(line(Math.log(size)) + shift)
    return Number.isFinite(priorDf) ? (priorDf * prior + df * variance) / (priorDf + df) : prior
  })
  // The prior itself comes from no more than this.
  return { variances, df: Math.min(priorDf + df, used.length * df) }
}

/** Expectation of the logarithm of χ² ÷ df. */
function centerOfLog(df: number): number {
  return digamma(df / 2) - Math.log(df / 2)
}

/** The least-squares line; a level one where all points are at the same place. */
function lineThrough(points: readonly { readonly x: number; readonly y: number }[]) {
  const centerX = mean(points.map(({ x }) => x))
  const centerY = mean(points.map(({ y }) => y))
  const squares = points.reduce((sum, { x }) => sum + (x - centerX) ** 2, 0)
  const products = points.reduce((sum, { x, y }) => sum + (x - centerX) * (y - centerY), 0)
  const slope = squares > 0 ? products / squares : 0
  return (x: number) => centerY + slope * (x - centerX)
}
