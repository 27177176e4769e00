import { UsageError } from '../kit/errors.ts'
import { type ChoiceDocument, choiceDocument } from './choice.ts'
import { formatOf, readJson } from './read.ts'
import { type SimulationDocument, simulationDocument } from './simulation.ts'

/** The versions that this lb reads are the only ones so far. */
const schemas = { 'lb-simulation': simulationDocument, 'lb-choice': choiceDocument } as const

/**
 * Reads the result of a simulation or of a choice; undefined where the file is another result.
 *
 * @throws {UsageError} it cannot be read, is of another version, or is damaged
 */
export async function readSimulated(
  file: string,
): Promise<SimulationDocument | ChoiceDocument | undefined> {
  const value = await readJson(file)
  const format = formatOf(value)
  if (format !== 'lb-simulation' && format !== 'lb-choice') return undefined
  const { version } = value as { version?: unknown }
  if (version !== 1) {
    throw new UsageError(
      `${file} has version ${String(version)}, and this lb reads 1`,
      'update lb, or simulate again',
    )
  }
  const read = schemas[format].safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UsageError(
    `${file}, field ${issue?.path.join('.')}: ${issue?.message}`,
    'it is damaged or was edited: take the original',
  )
}
