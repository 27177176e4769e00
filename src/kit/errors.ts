import { type ExitCode, exitCodes } from './exit-codes.ts'

/** A failure we foresaw. Says what went wrong and where, and what the reader can do about it. */
export abstract class LbError extends Error {
  abstract readonly code: `LB_${string}`
  /** What to try next: one sentence, printed behind the message. */
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

/** What was asked for cannot be done as it was asked: a flag, a file, a configuration. */
export class UsageError extends LbError {
  readonly code = 'LB_USAGE'
  override readonly exitCode = exitCodes.usage
}

/** A process that `lb` started did not do what it was started for. */
export class ProcessError extends LbError {
  readonly code = 'LB_PROCESS'
}
