import { UsageError } from '../../kit/errors.ts'

/** Maximum weight: products of counts and weights must not be rounded. */
const maxWeight = 1_000_000

/** Maximum Σ weight: credits, which are at most twice as large, must fit in 32 bits. */
const maxTotalWeight = 2 ** 30

/**
 * Checks a set of backends before a picker is made for it.
 *
 * @param field the name of the set in error messages
 * @throws UsageError that names the field: an empty set, a name that is missing or a duplicate, a weight that is
 *   negative, not an integer or too large, all weights 0
 */
export function checkBackends(
  backends: readonly { readonly id: string; readonly weight: number }[],
  field = 'backends',
): void {
  if (backends.length === 0) {
    throw new UsageError(`${field} is empty`, 'add at least one backend')
  }
  checkNames(backends, field)
  checkWeights(
    backends.map(({ weight }) => weight),
    field,
  )
}

function checkNames(backends: readonly { readonly id: string }[], field: string): void {
  const rows = new Map<string, number>()
  backends.forEach(({ id }, row) => {
    if (id === '') throw new UsageError(`${field}[${row}].id is empty`, 'give it a name')
    const before = rows.get(id)
    if (before !== undefined) {
      throw new UsageError(
        `${field}[${row}].id "${id}" is the same as ${field}[${before}].id`,
        'list each backend once; to send it more requests, raise its weight',
      )
    }
    rows.set(id, row)
  })
}

function checkWeights(weights: readonly number[], field: string): void {
  weights.forEach((weight, row) => {
    if (Number.isInteger(weight) && weight >= 0 && weight <= maxWeight) return
    throw new UsageError(
      `${field}[${row}].weight must be an integer from 0 to ${maxWeight}, not ${weight}`,
      'only the ratio of the weights matters; 0 disables a backend',
    )
  })
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === 0) {
    throw new UsageError(
      `${field}[*].weight: all weights are 0`,
      'give at least one backend a weight above 0',
    )
  }
  if (sum > maxTotalWeight) {
    throw new UsageError(
      `${field}[*].weight: the sum is ${sum}, the maximum ${maxTotalWeight}`,
      'divide all weights by the same number: only their ratio matters',
    )
  }
}
