import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import type { ThresholdOutcome } from '../result/schemas/threshold-outcome.ts'
import type { GateFlags } from './gate-flags.ts'

/**
 * The exit code of the thresholds of a load test; in order of precedence: one that is invalid, one that failed, one that is
 * inconclusive unless that passes.
 */
export function thresholdExitCode(
  thresholds: readonly Pick<ThresholdOutcome, 'outcome'>[],
  { 'on-inconclusive': onInconclusive }: Pick<GateFlags, 'on-inconclusive'> = {},
): ExitCode {
  const some = (wanted: ThresholdOutcome['outcome']) =>
    thresholds.some(({ outcome }) => outcome === wanted)
  if (some('invalid')) return exitCodes.invalid
  if (some('fail')) return exitCodes.checksFailed
  if (!some('inconclusive') || onInconclusive === 'pass') return exitCodes.fine
  return onInconclusive === 'fail' ? exitCodes.checksFailed : exitCodes.inconclusive
}
