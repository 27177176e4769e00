import type { Reason } from '../../result/reason.ts'

/** What a check of a trial found. */
export interface Check {
  /** Why the trial did not pass; undefined where it did. */
  readonly failed: Reason | undefined
  /** Whether a trial that does not pass enters no estimate. */
  readonly fatal: boolean
}
