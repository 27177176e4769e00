/** The distance of two distributions in three scalings; all 0 for equal distributions. */
export interface Energy {
  /** 2·E|X−Y| − E|X−X′| − E|Y−Y′|. */
  readonly e: number
  /** e weighted by the sizes: the test statistic. */
  readonly t: number
  /** e as a fraction of 2·E|X−Y|: 0 to 1. */
  readonly h: number
}

/**
 * The energy distance of two samples. `bestSplit` computes it incrementally; this direct form is part of the library for its
 * published test vectors, and for detectors of change points.
 *
 * Source: Székely and Rizzo, Journal of Statistical Planning and Inference 143(8), 2013.
 */
export function energy(x: readonly number[], y: readonly number[]): Energy {
  const [n, m] = [x.length, y.length]
  const between = 2 * distance(x, y)
  const e = between - distance(x, x) - distance(y, y)
  return { e, t: (e * n * m) / (n + m), h: between === 0 ? 0 : e / between }
}

/** Mean distance between a value of x and one of y. */
function distance(x: readonly number[], y: readonly number[]): number {
  const sum = x.reduce((all, a) => y.reduce((inner, b) => inner + Math.abs(a - b), all), 0)
  return sum / (x.length * y.length)
}
