import { type LoadThreshold, loadThreshold } from './load-threshold.ts'
import { thresholdError } from './threshold-error.ts'
import { thresholdParts } from './threshold-parts.ts'

/** The names that thresholds of a comparison may use. */
export interface ComparedNames {
  /** Stages of the file that keep the rate at which the arms are compared. */
  readonly stages: readonly string[]
  /** Steps of the visits. */
  readonly steps: readonly string[]
}

/**
 * The thresholds of a load test as each arm of a comparison has to meet them: at one rate, so that they name no stage. Those
 * on a stage that keeps this rate are about the window.
 *
 * @throws {UsageError} one is not valid, or is about a stage, a window or an early end that a comparison does not have
 */
export function comparedThresholds(
  texts: readonly string[],
  { stages, steps }: ComparedNames,
): string[] {
  return texts.map((text) => {
    const own = withoutStages(text, stages)
    readThreshold(own, steps)
    return own
  })
}

/** A threshold of a comparison. */
export function readThreshold(text: string, steps: readonly string[]): LoadThreshold {
  return loadThreshold({ text, source: 'threshold' }, { stages: [], steps })
}

function withoutStages(text: string, known: readonly string[]): string {
  const written = { text, source: 'threshold' }
  const { stages, over, abort } = thresholdParts(written)
  const other = stages.find((stage) => !known.includes(stage.text))
  const first = [
    { part: over, what: 'a window' },
    { part: other, what: `the stage "${other?.text}"` },
    { part: abort, what: '"!"' },
  ].find(({ part }) => part !== undefined)
  if (first?.part !== undefined) {
    throw thresholdError(written, {
      column: first.part.column,
      problem: `${first.what} is possible in a load test only: arms are compared at one rate`,
      remedy: 'leave it out, or run the file with "lb load"',
    })
  }
  const [stage] = stages
  return stage === undefined ? text : text.slice(0, text.lastIndexOf('@', stage.column - 1)).trim()
}
