import { LbError } from '../../kit/errors.ts'

/** A change to the set of backends that cannot be made as things stand. */
export class ChangeError extends LbError {
  readonly code = 'LB_CHANGE'
  /** `unknown`: there is no such backend; `conflict`: what is there stands against it. */
  readonly reason: 'unknown' | 'conflict'

  constructor(reason: 'unknown' | 'conflict', message: string, hint: string) {
    super(message, hint)
    this.reason = reason
  }
}
