import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import type { ResultDocument } from '../result/document.ts'
import { gateFailed } from '../result/gate-failed.ts'
import { gateSignal } from '../result/gate-signal.ts'
import type { GateFlags } from './gate-flags.ts'

/**
 * The exit code of a result; in order of precedence: no valid trial, a failed gate on a change, a failed gate on a
 * value, an inconclusive gate unless that passes.
 */
export function resultExitCode(
  { trials, gates }: Pick<ResultDocument, 'trials' | 'gates'>,
  { 'on-inconclusive': onInconclusive }: Pick<GateFlags, 'on-inconclusive'> = {},
): ExitCode {
  if (!trials.some(({ verdict }) => verdict.valid)) return exitCodes.invalid
  switch (gateSignal(gates)) {
    case 'failed':
      return gates.filter(gateFailed).some(({ threshold }) => threshold === 'change')
        ? exitCodes.regression
        : exitCodes.checksFailed
    case 'inconclusive':
      return onInconclusive === 'pass' ? exitCodes.fine : exitCodes.inconclusive
    default:
      return exitCodes.fine
  }
}
