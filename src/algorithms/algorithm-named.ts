import { UsageError } from '../kit/errors.ts'
import { nearest } from '../kit/nearest.ts'
import type { Algorithm } from './algorithm.ts'
import { algorithms } from './index.ts'

/**
 * The algorithm of that name or alias.
 *
 * @throws UsageError that names the nearest known one.
 */
export function algorithmNamed(name: string): Algorithm {
  const found = algorithms.find((one) => one.name === name || one.aliases.includes(name))
  if (found !== undefined) return found
  const meant = nearest(
    name,
    algorithms.flatMap((one) => [one.name, ...one.aliases]),
  )
  const names = algorithms.map((one) => one.name).join(', ')
  throw new UsageError(
    `there is no algorithm "${name}"`,
    meant === undefined ? `Use one of: ${names}.` : `Did you mean ${meant}? All of them: ${names}.`,
  )
}
