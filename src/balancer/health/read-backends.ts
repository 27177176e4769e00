import { type BackendAddress, backendAddress } from '../config/backend-address.ts'
import { cell, type HealthColumns, membership, readUrl } from './health-memory.ts'

/** A backend of the set, and the address that it listens on. */
export interface Backend extends BackendAddress {
  readonly url: string
}

/** The URLs of all backends, by row; undefined where a row has none. */
function readUrls(columns: HealthColumns): (string | undefined)[] {
  return Array.from({ length: columns.rows }, (_, row) =>
    Atomics.load(columns.membership, row) === membership.member ? readUrl(columns, row) : undefined,
  )
}

/** The names of the backends by row, also of those that are leaving; '' for none. */
export function backendIds(columns: HealthColumns): string[] {
  return Array.from({ length: columns.rows }, (_, row) =>
    columns.membership[row] === membership.none ? '' : backendAddress(readUrl(columns, row)).id,
  )
}

/**
 * The backends, by row; undefined where a row has none. Safe while another thread changes them: the
 * generation is incremented before a row is rewritten, so a read during which the generation stayed the
 * same is consistent.
 */
export function readBackends(columns: HealthColumns): {
  readonly backends: readonly (Backend | undefined)[]
  readonly generation: number
} {
  for (;;) {
    const generation = Atomics.load(columns.common, cell.generation)
    const urls = readUrls(columns)
    if (Atomics.load(columns.common, cell.generation) !== generation) continue
    const backends = urls.map((url) => (url === undefined ? url : { url, ...backendAddress(url) }))
    return { backends, generation }
  }
}
