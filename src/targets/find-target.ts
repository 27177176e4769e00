import { UsageError } from '../kit/errors.ts'
import { nearest } from '../kit/nearest.ts'
import { targets } from './index.ts'
import type { Target } from './target.ts'

/**
 * The target of that name.
 * @throws {UsageError} there is no such target; the hint has the most similar name
 */
export function findTarget(name: string): Target {
  const target = targets.find((one) => one.name === name)
  if (target !== undefined) return target
  const names = targets.map((one) => one.name)
  const similar = nearest(name, names)
  const all = `one of: ${names.join(', ')}`
  throw new UsageError(
    `there is no target "${name}"`,
    similar === undefined ? `Use ${all}.` : `Did you mean "${similar}"? It is ${all}.`,
  )
}
