import { UsageError } from '../kit/errors.ts'
import { nearest } from '../kit/nearest.ts'
import { targets } from './index.ts'
import type { Target } from './target.ts'

/**
 * The target of that name.
 * @throws {UsageError} there is none; names the nearest
 */
export function findTarget(name: string): Target {
  const found = targets.find((target) => target.name === name)
  if (found !== undefined) return found
  const names = targets.map((target) => target.name)
  const meant = nearest(name, names)
  const all = `one of: ${names.join(', ')}`
  throw new UsageError(
    `there is no target "${name}"`,
    meant === undefined ? `Use ${all}.` : `Did you mean "${meant}"? It is ${all}.`,
  )
}
