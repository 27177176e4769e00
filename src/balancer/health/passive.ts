import { eject } from './eject.ts'
import type { Health } from './health.ts'

/** Passive health checks: the results of real requests. Called by workers; allocates nothing. */
export interface PassiveHealth {
  /** The backend in `row` responded with this status. A good status costs one load from memory. */
  recordResponse(row: number, status: number, now: number): void
  /**
   * The backend in `row` failed a request: connection refused or reset, timeout, invalid or incomplete
   * response. Not for client errors, nor for an idle connection that closed while we wrote to it.
   *
   * @param cause `exchange` where the request may be at fault: `FailureCause` in shared/failure-reasons.ts
   */
  recordFailure(row: number, now: number, cause?: 'connection' | 'exchange'): void
}

/**
 * Counts consecutive failures over all workers, and ejects a backend that reaches the threshold: for a time
 * that grows with each ejection, and only while no more than `maxEjectedShare` is ejected. A backend beyond
 * that share stays in, and is considered again at its next failure. Where the request that reaches the threshold may
 * be at fault, the backend is suspected, and checked first: confirmation.ts.
 */
export function passiveHealth(health: Health): PassiveHealth {
  const { columns, settings } = health
  const { failures, statuses } = settings.passive
  const isFailure = new Uint8Array(1000)
  for (const status of statuses) isFailure[status] = 1

  function recordFailure(
    row: number,
    now: number,
    cause: 'connection' | 'exchange' = 'connection',
  ): void {
    if (failures === 0 || columns.ejected[row] === 1) return
    if (Atomics.add(columns.failures, row, 1) + 1 < failures) return
    if (cause === 'exchange') Atomics.store(columns.suspected, row, 1)
    else health.change(now, () => eject(health, row, now))
  }

  return {
    recordFailure,
    recordResponse(row, status, now) {
      if (isFailure[status] === 1) recordFailure(row, now)
      else if (Atomics.load(columns.failures, row) !== 0) Atomics.store(columns.failures, row, 0)
    },
  }
}
