/** The best split of a series. */
export interface Split {
  /** First index of the right part. */
  readonly index: number
  /** The energy statistic q̂ of the two parts. */
  readonly energy: number
}

/**
 * The split of a series at which the parts differ most: the maximum, over all τ < κ, of the energy distance of the values
 * before τ from those from τ to κ. Undefined for fewer than 2 values.
 *
 * Source: Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate
 * Data", Journal of the American Statistical Association 109(505), 2014, with exponent 1.
 */
export function bestSplit(values: readonly number[]): Split | undefined {
  const n = values.length
  if (n < 2) return undefined
  const within = pairSums(values)
  let best: Split = { index: 1, energy: Number.NEGATIVE_INFINITY }
  for (let tau = 1; tau < n; tau++) {
    for (let kappa = tau + 1; kappa <= n; kappa++) {
      const energy = splitEnergy(within, { tau, kappa })
      if (energy > best.energy) best = { index: tau, energy }
    }
  }
  return best
}

/** Sums of |x − y| over all pairs inside values[from … to), by from and to. */
type PairSums = readonly Float64Array[]

function pairSums(values: readonly number[]): PairSums {
  const n = values.length
  const sums = Array.from({ length: n + 1 }, () => new Float64Array(n + 1))
  for (let from = n - 1; from >= 0; from--) {
    const row = sums[from] as Float64Array
    const shorter = sums[from + 1] as Float64Array
    let toFirst = 0
    for (let to = from + 1; to <= n; to++) {
      toFirst += Math.abs((values[from] as number) - (values[to - 1] as number))
      row[to] = (shorter[to] as number) + toFirst
    }
  }
  return sums
}

function splitEnergy(within: PairSums, { tau, kappa }: { tau: number; kappa: number }): number {
  const [left, right] = [tau, kappa - tau]
  const leftSum = within[0]?.[tau] as number
  const rightSum = within[tau]?.[kappa] as number
  const between = (within[0]?.[kappa] as number) - leftSum - rightSum
  const leftMean = left > 1 ? (leftSum * right) / (left - 1) : 0
  const rightMean = right > 1 ? (rightSum * left) / (right - 1) : 0
  return (2 / kappa) * (between - leftMean - rightMean)
}
