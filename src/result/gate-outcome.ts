import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import type { Gate } from './document.ts'

/** Whether a gate failed the run: by what was found, or because nothing could be and that was not to pass. */
export function gateFailed({ state, strict }: Pick<Gate, 'state' | 'strict'>): boolean {
  return state === 'fail' || (strict && state === 'unclear')
}

/** What the gates say to the shell: a regression before a check that failed. */
export function gatesExit(gates: readonly Gate[]): ExitCode {
  const failed = gates.filter(gateFailed)
  if (failed.length === 0) return exitCodes.fine
  return failed.some(({ limit }) => limit === 'change')
    ? exitCodes.regression
    : exitCodes.checksFailed
}
