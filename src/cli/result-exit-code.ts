import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import type { ResultDocument } from '../result/document.ts'
import { gateFailed } from '../result/gate-failed.ts'

/** What a result says to the shell: that it is invalid, then a regression, then a check that failed. */
export function exitOf({ trials, gates }: Pick<ResultDocument, 'trials' | 'gates'>): ExitCode {
  if (!trials.some(({ verdict }) => verdict.valid)) return exitCodes.invalid
  const failed = gates.filter(gateFailed)
  if (failed.length === 0) return exitCodes.fine
  return failed.some(({ threshold }) => threshold === 'change')
    ? exitCodes.regression
    : exitCodes.checksFailed
}
