import { type FailureReason, reasonNumber } from '../shared/failure-reasons.ts'
import type { HealthColumns } from './health-memory.ts'

/** Notes of the latest failures of backends, in the memory that all workers share. */
export interface FailureNotes {
  /**
   * Notes a failure of the backend in `row`.
   *
   * @param now seconds of the shared clock
   * @returns whether to report it: the backend begins to fail, or fails for another reason than before
   */
  note(row: number, reason: FailureReason, now: number): boolean
}

/** Seconds without a failure after which the next one is a beginning, and between two reports of one backend. */
const quietSeconds = 10

/** The notes in `columns`. A reason is stored as its number plus 1; 0: none. */
export function failureNotes(columns: HealthColumns): FailureNotes {
  const { latestReason, reportedReason, reportedSecond, failedAt } = columns
  return {
    note(row, reason, now) {
      const code = reasonNumber(reason) + 1
      const begins = now - (failedAt[row] as number) >= quietSeconds
      failedAt[row] = now
      Atomics.store(latestReason, row, code)
      if (!begins && reportedReason[row] === code) return false
      const second = Math.floor(now)
      const last = Atomics.load(reportedSecond, row)
      if (last !== 0 && second - last < quietSeconds) return false
      // Of several workers one reports.
      if (Atomics.compareExchange(reportedSecond, row, last, second) !== last) return false
      Atomics.store(reportedReason, row, code)
      return true
    },
  }
}
