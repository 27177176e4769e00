import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import type { ResultDocument } from '../result/document.ts'
import { gateFailed } from '../result/gate-failed.ts'

/** The exit code of a result; in order of precedence: no valid trial, a regression, a failed check. */
export function resultExitCode({
  trials,
  gates,
}: Pick<ResultDocument, 'trials' | 'gates'>): ExitCode {
  if (!trials.some(({ verdict }) => verdict.valid)) return exitCodes.invalid
  const failed = gates.filter(gateFailed)
  if (failed.length === 0) return exitCodes.fine
  return failed.some(({ threshold }) => threshold === 'change')
    ? exitCodes.regression
    : exitCodes.checksFailed
}
