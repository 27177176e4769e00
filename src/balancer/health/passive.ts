import { isEnabled } from './backend-state.ts'
import { ejectionSeconds, maxEjected, nextBackOff } from './ejection.ts'
import type { Health } from './health.ts'
import type { HealthColumns } from './health-memory.ts'

/** Passive health checks: the results of real requests. Called by workers; allocates nothing. */
export interface PassiveHealth {
  /** The backend in `row` responded with this status. A good status costs one load from memory. */
  recordResponse(row: number, status: number, now: number): void
  /**
   * The backend in `row` failed a request: connection refused or reset, timeout, invalid or incomplete
   * response. Not for client errors, nor for an idle connection that closed while we wrote to it.
   */
  recordFailure(row: number, now: number): void
}

/**
 * Counts consecutive failures over all workers, and ejects a backend that reaches the threshold: for a time
 * that grows with each ejection, and only while no more than `maxEjectedShare` is ejected. A backend beyond
 * that share stays in, and is considered again at its next failure.
 */
export function passiveHealth(health: Health): PassiveHealth {
  const { columns, settings } = health
  const { failures, statuses } = settings.passive
  const isFailure = new Uint8Array(1000)
  for (const status of statuses) isFailure[status] = 1

  function recordFailure(row: number, now: number): void {
    if (failures === 0 || columns.ejected[row] === 1) return
    if (Atomics.add(columns.failures, row, 1) + 1 < failures) return
    health.change(now, () => eject(health, row, now))
  }

  return {
    recordFailure,
    recordResponse(row, status, now) {
      if (isFailure[status] === 1) recordFailure(row, now)
      else if (Atomics.load(columns.failures, row) !== 0) Atomics.store(columns.failures, row, 0)
    },
  }
}

function eject({ columns, settings }: Health, row: number, now: number): void {
  if (columns.ejected[row] === 1 || !isEnabled(columns, row)) return
  if (!mayEjectOneMore(columns, settings.maxEjectedShare)) return
  const secondsIn = now - (columns.returnedAt[row] as number)
  const backOff = nextBackOff(columns.backOff[row] as number, secondsIn, settings.passive)
  columns.backOff[row] = backOff
  columns.ejectedUntil[row] = now + ejectionSeconds(backOff, settings.passive)
  columns.ejected[row] = 1
  columns.ejections[row] = (columns.ejections[row] as number) + 1
}

function mayEjectOneMore(columns: HealthColumns, share: number): boolean {
  let enabled = 0
  let ejected = 0
  for (let row = 0; row < columns.rows; row++) {
    if (!isEnabled(columns, row)) continue
    enabled++
    if (columns.ejected[row] === 1) ejected++
  }
  return ejected < maxEjected(enabled, share)
}
