import type { Algorithm, Settings } from '../../algorithms/algorithm.ts'
import { allocate, view } from '../../algorithms/parts/table.ts'

/**
 * Tries a set of backends out.
 *
 * @throws UsageError where the algorithm cannot work on it.
 */
export type ValidateBackends = (ids: readonly string[], weights: readonly number[]) => void

/**
 * Makes a picker for a set of backends and throws it away. A change that a picker would refuse, such as
 * weights too large for a ring, must be refused to whoever asks for it, before any worker tries.
 */
export function backendValidation(algorithm: Algorithm, settings: Settings): ValidateBackends {
  return (ids, weights) => {
    const { table, shared } = view(allocate(ids.length, algorithm), ids)
    table.weight.set(weights)
    algorithm.picker(table, { random: () => 0, shared, settings })
  }
}
