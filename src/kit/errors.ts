import { type ExitCode, exitCodes } from './exit-codes.ts'

/** An expected failure: what went wrong and where, and what the user can do. */
export abstract class LbError extends Error {
  abstract readonly code: `LB_${string}`
  /** What to do: one sentence, printed after the message. */
  readonly hint: string
  readonly exitCode: ExitCode = exitCodes.error

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }

  override get name(): string {
    return this.constructor.name
  }
}

/** A flag, a file or a configuration cannot be used. */
export class UsageError extends LbError {
  readonly code = 'LB_USAGE'
  override readonly exitCode = exitCodes.usage
}

/** A mistake, and what to do. */
export interface Mistake {
  readonly message: string
  readonly hint: string
}

/** Several mistakes in one file, each printed on a line of its own. */
export class MistakesError extends UsageError {
  /** All but the first, which is the message. */
  readonly others: readonly Mistake[]

  constructor([first, ...others]: readonly [Mistake, ...Mistake[]]) {
    super(first.message, first.hint)
    this.others = others
  }
}

/** A process that `lb` started failed. */
export class ProcessError extends LbError {
  readonly code = 'LB_PROCESS'
}
