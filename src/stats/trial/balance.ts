/** How evenly requests were distributed over backends, relative to their weights. */
export interface Balance {
  /** Fraction of all requests that each backend received, and that its weight calls for. */
  readonly shares: readonly { readonly got: number; readonly ideal: number }[]
  /** The maximum relative deviation of a share from its ideal; 0 is perfect. */
  readonly greatestDeviation: number
  /** Jain's fairness index of requests per weight: 1 is perfect, 1/n means all to one backend. */
  readonly fairness: number
}

/**
 * The balance of a distribution of requests. A backend of weight 0 should receive none; if it received any, the deviation is
 * infinite.
 *
 * @throws {RangeError} the number of weights is not that of backends, or no weight is above 0.
 */
export function balance(requests: readonly number[], weights: readonly number[]): Balance {
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0)
  if (weights.length !== requests.length || !(totalWeight > 0)) {
    throw new RangeError(`${requests.length} backends need as many weights, some above 0`)
  }
  const total = requests.reduce((sum, count) => sum + count, 0)
  const shares = requests.map((count, i) => ({
    got: total === 0 ? 0 : count / total,
    ideal: (weights[i] as number) / totalWeight,
  }))
  const deviations = shares.map(({ got, ideal }) => (got === ideal ? 0 : Math.abs(got / ideal - 1)))
  const perWeight = shares.filter(({ ideal }) => ideal > 0).map(({ got, ideal }) => got / ideal)
  return {
    shares,
    greatestDeviation: total === 0 ? 0 : Math.max(...deviations),
    fairness: jain(perWeight),
  }
}

/**
 * Jain's fairness index, (Σx)² / (n·Σx²): 1 if all are equal, 1/n if one has everything, 1 if all are 0.
 *
 * Source: Jain, Chiu and Hawe, DEC Research Report TR-301, 1984.
 */
export function jain(values: readonly number[]): number {
  const max = values.reduce((a, b) => Math.max(a, b), 0)
  if (max === 0) return 1
  // Squares of fractions of the maximum neither overflow nor vanish.
  const shares = values.map((value) => value / max)
  const sum = shares.reduce((all, share) => all + share, 0)
  const squares = shares.reduce((all, share) => all + share ** 2, 0)
  return sum ** 2 / (values.length * squares)
}
