import { type BackendAddress, backendAddress } from '../config/backend-address.ts'
import { cell, type HealthColumns, membership, readName } from './health-memory.ts'

/** A backend that is a member, and where it listens. */
export interface Member extends BackendAddress {
  readonly url: string
}

/** The addresses of all members, by row; undefined where a row has none. */
function readUrls(columns: HealthColumns): (string | undefined)[] {
  return Array.from({ length: columns.rows }, (_, row) =>
    Atomics.load(columns.presence, row) === membership.member ? readName(columns, row) : undefined,
  )
}

/**
 * The members, by row; undefined where a row has none. May be called while another thread changes them:
 * the generation moves on before a row is written anew, so what was read at one generation is whole.
 */
export function readMembers(columns: HealthColumns): {
  readonly members: readonly (Member | undefined)[]
  readonly generation: number
} {
  for (;;) {
    const generation = Atomics.load(columns.common, cell.generation)
    const urls = readUrls(columns)
    if (Atomics.load(columns.common, cell.generation) !== generation) continue
    const members = urls.map((url) => (url === undefined ? url : { url, ...backendAddress(url) }))
    return { members, generation }
  }
}
