import { type BackendAddress, backendAddress } from '../config/backend-address.ts'
import { type BackendRecord, readRecord } from '../config/backend-record.ts'
import { cell, type HealthColumns, membership, readRecordText } from './health-memory.ts'

/** A backend of the set, and the address that it listens on. */
export interface Backend extends BackendAddress, BackendRecord {
  /** All that is known of it, except its weight: another text means another backend. */
  readonly record: string
}

/** The records of all backends, by row; undefined where a row has none. */
function readRecords(columns: HealthColumns): (string | undefined)[] {
  return Array.from({ length: columns.rows }, (_, row) =>
    Atomics.load(columns.membership, row) === membership.member
      ? readRecordText(columns, row)
      : undefined,
  )
}

/** The names of the backends by row, also of those that are leaving; '' for none. */
export function backendIds(columns: HealthColumns): string[] {
  return Array.from({ length: columns.rows }, (_, row) =>
    columns.membership[row] === membership.none
      ? ''
      : backendAddress(readRecord(readRecordText(columns, row)).url).id,
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
    const records = readRecords(columns)
    if (Atomics.load(columns.common, cell.generation) !== generation) continue
    const backends = records.map((record) =>
      record === undefined ? undefined : parseRecord(record),
    )
    return { backends, generation }
  }
}

function parseRecord(record: string): Backend {
  const parsed = readRecord(record)
  return { ...parsed, ...backendAddress(parsed.url), record }
}
