import { UsageError } from '../kit/errors.ts'
import { findTarget } from './find-target.ts'

/**
 * Checks, before anything starts, that every one of these targets can run here.
 *
 * @throws {UsageError} that names what is missing, and what provides it
 */
export async function requireAvailable(names: Iterable<string>): Promise<void> {
  const missing = await Promise.all(
    [...new Set(names)].map(async (name) => ({ name, why: await findTarget(name).unavailable() })),
  )
  const [first] = missing.filter(({ why }) => why !== undefined)
  if (first === undefined) return
  const [what = '', remedy = ''] = first.why?.split(': ') ?? []
  throw new UsageError(`target ${first.name}: ${what}`, remedy)
}
