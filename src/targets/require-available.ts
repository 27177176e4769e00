import { UsageError } from '../kit/errors.ts'
import { findTarget } from './find-target.ts'

/**
 * Checks, before anything starts, that all of these targets can run on this host.
 *
 * @throws {UsageError} names the first that is missing, and how to install it
 */
export async function requireAvailable(names: Iterable<string>): Promise<void> {
  const missing = await Promise.all(
    [...new Set(names)].map(async (name) => ({
      name,
      reason: await findTarget(name).unavailable(),
    })),
  )
  const [first] = missing.filter(({ reason }) => reason !== undefined)
  if (first === undefined) return
  const [what = '', remedy = ''] = first.reason?.split(': ') ?? []
  throw new UsageError(`target ${first.name}: ${what}`, remedy)
}
