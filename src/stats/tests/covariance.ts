import { studentAbove, studentQuantile } from '../distributions/student-t.ts'
import { mean } from '../estimates/moments.ts'

/** A mean difference adjusted for a covariate, with its interval and two-sided p. */
export interface AdjustedMean {
  readonly center: number
  readonly low: number
  readonly high: number
  readonly p: number
  /** Change of the difference for one unit of the covariate. */
  readonly slope: number
}

/**
 * The mean of paired differences at a covariate of 0: the intercept of the least-squares line of the differences over the
 * covariate of each pair. Both are differences within a pair, so drift that a pair shares enters neither. The slope costs a
 * degree of freedom (n − 2), and the distance of the mean covariate from 0 widens the interval. Undefined for fewer than
 * 4 pairs, and for a covariate without spread.
 *
 * Source: Cochran, Biometrics 13(3), 1957.
 */
export function adjustedMean(
  differences: readonly number[],
  covariate: readonly number[],
  confidence: number,
): AdjustedMean | undefined {
  const n = differences.length
  const [x, y] = [mean(covariate), mean(differences)]
  const sum = (of: (i: number) => number) => differences.reduce((total, _, i) => total + of(i), 0)
  const [offX, offY] = [covariate, differences].map((values, which) =>
    values.map((value) => value - (which === 0 ? x : y)),
  ) as [number[], number[]]
  const sxx = sum((i) => (offX[i] as number) ** 2)
  const sxy = sum((i) => (offX[i] as number) * (offY[i] as number))
  if (n < 4 || covariate.length !== n || !(sxx > 0)) return undefined
  const slope = sxy / sxx
  const center = y - slope * x
  const rest = sum((i) => ((offY[i] as number) - slope * (offX[i] as number)) ** 2)
  const error = Math.sqrt((rest / (n - 2)) * (1 / n + x ** 2 / sxx))
  const reach = studentQuantile((1 + confidence) / 2, n - 2) * error
  const p = error === 0 ? Number(center === 0) : 2 * studentAbove(Math.abs(center) / error, n - 2)
  return { center, low: center - reach, high: center + reach, p, slope }
}
