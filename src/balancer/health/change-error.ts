import { LbError } from '../../kit/errors.ts'

/** A change of the backend set that the current set does not allow. */
export class ChangeError extends LbError {
  readonly code = 'LB_CHANGE'
  /** `unknown`: the backend does not exist; `conflict`: the current set does not allow the change. */
  readonly reason: 'unknown' | 'conflict'

  constructor(reason: 'unknown' | 'conflict', message: string, hint: string) {
    super(message, hint)
    this.reason = reason
  }
}
