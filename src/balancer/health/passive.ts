import { isEnabled } from './backend-state.ts'
import { ejectionSeconds, maxEjected, nextBackOff } from './ejection.ts'
import type { Health } from './health.ts'
import type { HealthColumns } from './health-memory.ts'

/** What requests show of their backends. For workers; allocates nothing while all goes well. */
export interface PassiveHealth {
  /** The backend in `row` answered, with this status. One load from memory where it did well. */
  recordResponse(row: number, status: number, now: number): void
  /**
   * The backend in `row` did not answer as it should: refused, reset, too slow, garbage, or broken off.
   * Not for what its client did, nor for an idle connection that was closed as we wrote on it.
   */
  recordFailure(row: number, now: number): void
}

/**
 * Counts failures in a row over all workers, and ejects a backend that reaches the limit: for a time
 * that grows with each ejection, and only while no more than a set share is ejected. A backend beyond
 * that share stays in, and is looked at again with each further failure.
 */
export function passiveHealth(health: Health): PassiveHealth {
  const { columns, settings } = health
  const { failures, statuses } = settings.passive
  const failing = new Uint8Array(1000)
  for (const status of statuses) failing[status] = 1

  function recordFailure(row: number, now: number): void {
    if (failures === 0 || columns.ejected[row] === 1) return
    if (Atomics.add(columns.failures, row, 1) + 1 < failures) return
    health.change(now, () => eject(health, row, now))
  }

  return {
    recordFailure,
    recordResponse(row, status, now) {
      if (failing[status] === 1) recordFailure(row, now)
      else if (Atomics.load(columns.failures, row) !== 0) Atomics.store(columns.failures, row, 0)
    },
  }
}

function eject({ columns, settings }: Health, row: number, now: number): void {
  if (columns.ejected[row] === 1 || !isEnabled(columns, row)) return
  if (!mayEjectOneMore(columns, settings.maxEjectedShare)) return
  const inFor = now - (columns.returnedAt[row] as number)
  const backOff = nextBackOff(columns.backOff[row] as number, inFor, settings.passive)
  columns.backOff[row] = backOff
  columns.ejectedUntil[row] = now + ejectionSeconds(backOff, settings.passive)
  columns.ejected[row] = 1
  columns.ejections[row] = (columns.ejections[row] as number) + 1
}

function mayEjectOneMore(columns: HealthColumns, share: number): boolean {
  let wanted = 0
  let out = 0
  for (let row = 0; row < columns.rows; row++) {
    if (!isEnabled(columns, row)) continue
    wanted++
    if (columns.ejected[row] === 1) out++
  }
  return out < maxEjected(wanted, share)
}
