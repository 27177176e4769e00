import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import type { Gate, ResultDocument } from './document.ts'

/** Whether a gate failed the run: by what was found, or because nothing could be and that was not to pass. */
export function gateFailed({ state, strict }: Pick<Gate, 'state' | 'strict'>): boolean {
  return state === 'fail' || (strict && state === 'unclear')
}

/** What a result says to the shell: that it is invalid, then a regression, then a check that failed. */
export function exitOf({ trials, gates }: Pick<ResultDocument, 'trials' | 'gates'>): ExitCode {
  if (!trials.some(({ verdict }) => verdict.valid)) return exitCodes.invalid
  const failed = gates.filter(gateFailed)
  if (failed.length === 0) return exitCodes.fine
  return failed.some(({ limit }) => limit === 'change')
    ? exitCodes.regression
    : exitCodes.checksFailed
}
