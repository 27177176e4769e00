import { type ThresholdSource, thresholdError } from './threshold-error.ts'
import type { ThresholdParts } from './threshold-parts.ts'

/**
 * Refuses the parts of a threshold that only a load test has: steps, windows, stages, and the early end.
 *
 * @throws {UsageError} naming the column of the first of them
 */
export function refuseLoadParts(
  written: ThresholdSource,
  { of, over, stages, abort }: ThresholdParts,
): void {
  const first = [
    { part: of, what: 'a step' },
    { part: over, what: 'a window' },
    { part: stages[0], what: 'a stage' },
    { part: abort, what: '"!"' },
  ].find(({ part }) => part !== undefined)
  if (first?.part === undefined) return
  throw thresholdError(written, {
    column: first.part.column,
    problem: `${first.what} is possible in a load test only`,
    remedy: 'leave it out, or use "lb load --threshold"',
  })
}
