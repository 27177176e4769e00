import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import type { ResultDocument } from '../result/document.ts'
import { gateFailed } from '../result/gate-failed.ts'
import { gateSignal } from '../result/gate-signal.ts'
import type { GateFlags } from './gate-flags.ts'
import { thresholdExitCode } from './threshold-exit-code.ts'

/**
 * The exit code of a result; in order of precedence: no valid trial, a failed gate on a change, a failed gate on a
 * value or a threshold, an inconclusive one of them unless that passes.
 */
export function resultExitCode(
  { trials, gates, thresholds = [] }: Pick<ResultDocument, 'trials' | 'gates' | 'thresholds'>,
  flags: Pick<GateFlags, 'on-inconclusive'> = {},
): ExitCode {
  if (!trials.some(({ verdict }) => verdict.valid)) return exitCodes.invalid
  const signal = gateSignal(gates)
  if (signal === 'failed') {
    return gates.filter(gateFailed).some(({ threshold }) => threshold === 'change')
      ? exitCodes.regression
      : exitCodes.checksFailed
  }
  const judged = thresholdExitCode(thresholds, flags)
  const isOpen = signal === 'inconclusive' && flags['on-inconclusive'] !== 'pass'
  return judged === exitCodes.fine && isOpen ? exitCodes.inconclusive : judged
}
