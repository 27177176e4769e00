import { UsageError } from '../../kit/errors.ts'

/** The largest weight: with it, counts and weights still multiply without rounding. */
const heaviest = 1_000_000

/** The largest Σ weight: credits, which are at most twice as large, must fit into 32 bits. */
const heaviestTogether = 2 ** 30

/**
 * Checks a set of backends before a picker is made for it.
 *
 * @param field what the caller's reader calls the set: `backends`.
 * @throws UsageError that names the field: an empty set, a name that is missing or there twice, a
 *   weight that is negative, not whole or too large, all weights 0.
 */
export function checkBackends(
  backends: readonly { readonly id: string; readonly weight: number }[],
  field = 'backends',
): void {
  if (backends.length === 0) {
    throw new UsageError(`${field} is empty`, 'name at least one backend')
  }
  checkNames(backends, field)
  checkWeights(
    backends.map(({ weight }) => weight),
    field,
  )
}

function checkNames(backends: readonly { readonly id: string }[], field: string): void {
  const seen = new Map<string, number>()
  backends.forEach(({ id }, row) => {
    if (id === '') throw new UsageError(`${field}[${row}].id is empty`, 'give it a name')
    const before = seen.get(id)
    if (before !== undefined) {
      throw new UsageError(
        `${field}[${row}].id "${id}" is the same as ${field}[${before}].id`,
        'name each backend once; give it a larger weight if it should get more',
      )
    }
    seen.set(id, row)
  })
}

function checkWeights(weights: readonly number[], field: string): void {
  weights.forEach((weight, row) => {
    if (Number.isInteger(weight) && weight >= 0 && weight <= heaviest) return
    throw new UsageError(
      `${field}[${row}].weight must be a whole number from 0 to ${heaviest}, and not ${weight}`,
      'only the ratio of the weights counts; 0 takes a backend out',
    )
  })
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === 0) {
    throw new UsageError(
      `${field}[*].weight is 0 everywhere`,
      'give at least one backend a weight above 0',
    )
  }
  if (sum > heaviestTogether) {
    throw new UsageError(
      `${field}[*].weight adds up to ${sum}, and at most ${heaviestTogether} can be counted`,
      'divide all weights by the same number: only their ratio counts',
    )
  }
}
