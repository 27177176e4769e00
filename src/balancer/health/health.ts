import { sequenceLock } from '../../algorithms/parts/sequence-lock.ts'
import type { TableMemory } from '../../algorithms/parts/table.ts'
import type { HealthSettings } from '../config/health-settings.ts'
import { recomputeEligibility } from './eligibility.ts'
import { cell, type HealthColumns, type HealthMemory, healthColumns } from './health-memory.ts'

/** Notes from when until when a backend is ejected, in seconds of the shared clock. */
export type NoteEjection = (from: number, until: number) => void

/** The health of all backends, for one thread. */
export interface Health {
  readonly columns: HealthColumns
  readonly settings: HealthSettings
  /** Requests in flight over all workers, by row. */
  readonly inFlight: Int32Array
  /** Notes the time of an ejection that begins, where pauses are noted. */
  readonly noteEjection: NoteEjection | undefined
  /**
   * Applies `edit` under the lock that all threads share, then recomputes the eligibility of all rows.
   *
   * @param now seconds of the shared clock
   */
  change<T>(now: number, edit: (columns: HealthColumns) => T): T
}

/** The health in `memory`, of the backends in `table`. */
export function healthOf(
  memory: HealthMemory,
  table: TableMemory,
  settings: HealthSettings,
  noteEjection?: NoteEjection,
): Health {
  const columns = healthColumns(memory)
  const derived = {
    weight: new Int32Array(table.weight),
    eligible: new Int32Array(table.eligible),
  }
  const lock = sequenceLock(columns.common, cell.lock)
  return {
    columns,
    settings,
    inFlight: new Int32Array(table.inFlight),
    noteEjection,
    change(now, edit) {
      const ticket = lock.acquire()
      try {
        const result = edit(columns)
        recomputeEligibility({ columns, derived, settings, now })
        return result
      } finally {
        lock.release(ticket)
      }
    },
  }
}
