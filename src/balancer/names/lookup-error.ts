import type { FailureReason } from '../shared/failure-reasons.ts'

/** A name has no address that is known. */
export class LookupError extends Error {
  readonly failureReason: FailureReason

  constructor(failureReason: FailureReason, message: string) {
    super(message)
    this.failureReason = failureReason
  }
}
