import { UsageError } from '../kit/errors.ts'
import { meant, nameOf } from '../kit/named.ts'
import type { Algorithm } from './algorithm.ts'
import { algorithms } from './index.ts'

/**
 * The algorithm of that name or alias.
 *
 * @throws UsageError that names the nearest known one.
 */
export function findAlgorithm(typed: string): Algorithm {
  const name = nameOf(typed, algorithms)
  const found = algorithms.find((one) => one.name === name)
  if (found !== undefined) return found
  throw new UsageError(`unknown algorithm "${typed}"`, meant(typed, algorithms))
}
