import { UsageError } from '../../kit/errors.ts'

/** A threshold as it was written, and where: a flag (`--slo`) or a place in a file. */
export interface ThresholdSource {
  readonly text: string
  readonly source: string
}

/** An error of a threshold: one line with the column (from 1) of the part that is not valid, and what to write. */
export function thresholdError(
  { source, text }: ThresholdSource,
  { column, problem, remedy }: { column: number; problem: string; remedy: string },
): UsageError {
  return new UsageError(`${source} "${text}", column ${column}: ${problem}`, remedy)
}
