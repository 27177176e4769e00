import { rendered } from '../../reports/formats/rendered.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { StoredResult } from '../kit/stored-result.ts'
import type { ResultDocument } from '../result/document.ts'
import { noteNothingMeasured } from './nothing-measured.ts'

/** In which format a result is shown, where it is stored, and whether a signal ended its run. */
interface ShowOptions {
  readonly format: string
  readonly stored: StoredResult
  readonly isInterrupted: boolean
}

/** Prints a result, or a line that there is none; returns whether it is on the screen with the files that it is in. */
export async function showResult(
  document: ResultDocument,
  { format, stored, isInterrupted }: ShowOptions,
  invocation: Invocation,
): Promise<boolean> {
  if (document.trials.length > 0) {
    invocation.print(await rendered(format, document, { ...invocation.render, stored }))
    return format === 'table'
  }
  if (isInterrupted) noteNothingMeasured(invocation)
  return false
}
