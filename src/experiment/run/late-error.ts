import { ProcessError, UsageError } from '../../kit/errors.ts'

/** An error in mid-run is no mistake of the user: the same target was started, or responded, before. */
export function lateError(error: unknown): Error {
  if (!(error instanceof UsageError)) return error as Error
  const hint = 'it was there before: see its own log; what was measured until then is kept'
  return new ProcessError(error.message, hint, { cause: error })
}
