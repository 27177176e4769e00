import type { Algorithm, Settings } from '../../algorithms/algorithm.ts'
import { allocate, view } from '../../algorithms/parts/table.ts'

/**
 * Checks whether the algorithm accepts a set of backends.
 *
 * @throws UsageError when it does not
 */
export type ValidateBackends = (ids: readonly string[], weights: readonly number[]) => void

/**
 * Validates by making a picker and discarding it. A change that pickers would reject, such as weights that
 * are too large for a ring, must fail in the request for it, before any worker sees it.
 */
export function backendValidation(algorithm: Algorithm, settings: Settings): ValidateBackends {
  return (ids, weights) => {
    const { table, shared } = view(allocate(ids.length, algorithm), ids)
    table.weight.set(weights)
    algorithm.picker(table, { random: () => 0, shared, settings })
  }
}
