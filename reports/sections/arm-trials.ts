import type { Measurement, ResultDocument } from '../../src/result/document.ts'
import { mark, type Phase, type Row, rowsOf } from './rows.ts'

/** An arm in one phase with the trials behind its finding. */
export interface ArmTrials {
  readonly row: Row
  /** Its name with its mark: `round-robin ×8†`. */
  readonly name: string
  /** The valid trials, or all of them where none is valid. */
  readonly trials: readonly Measurement[]
}

/** The arms of a phase, in the order of the plan. */
export function armTrials(document: ResultDocument, phase: Phase): ArmTrials[] {
  return rowsOf(document, phase).map((row) => ({
    row,
    name: `${row.arm.name}${mark(row.finding)}`,
    trials: trialsBehind(document, row),
  }))
}

function trialsBehind({ trials }: ResultDocument, { arm, finding }: Row): Measurement[] {
  const own = trials.filter(({ trial }) => trial.arm === arm.name && trial.phase === finding.phase)
  const valid = own.filter(({ verdict }) => verdict.valid)
  return valid.length > 0 ? valid : own
}
