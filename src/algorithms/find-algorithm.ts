import { UsageError } from '../kit/errors.ts'
import { meant, nameOf } from '../kit/named.ts'
import type { Algorithm } from './algorithm.ts'
import { algorithms } from './index.ts'

/**
 * The algorithm with this name or alias.
 *
 * @throws UsageError that suggests the nearest name
 */
export function findAlgorithm(typed: string): Algorithm {
  const name = nameOf(typed, algorithms)
  const found = algorithms.find((algorithm) => algorithm.name === name)
  if (found !== undefined) return found
  throw new UsageError(`unknown algorithm "${typed}"`, meant(typed, algorithms))
}
