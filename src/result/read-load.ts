import { UsageError } from '../kit/errors.ts'
import { decode } from '../stats/histogram/histogram.ts'
import { formatOf, readJson } from './read.ts'
import { type LoadResult, loadResult, loadResultVersion } from './schemas/load.ts'

/**
 * Reads the result of a load test; undefined where the file is another result.
 *
 * @throws {UsageError} it cannot be read, or is damaged
 */
export async function readLoadResult(file: string): Promise<LoadResult | undefined> {
  const value = await readJson(file)
  if (formatOf(value) !== 'lb-load') return undefined
  const { version } = value as { version?: unknown }
  if (version !== loadResultVersion) {
    throw new UsageError(
      `${file} has version ${String(version)}, and this lb reads ${loadResultVersion}`,
      'update lb, or measure again',
    )
  }
  const read = loadResult.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw damaged(file, `field ${issue?.path.join('.')}: ${issue?.message}`)
  }
  for (const [i, stage] of read.data.stages.entries()) {
    for (const [name, { latency }] of Object.entries(stage.steps)) {
      try {
        decode(latency)
      } catch {
        throw damaged(file, `field stages.${i}.steps.${name}.latency: not an HDR histogram`)
      }
    }
  }
  return read.data
}

function damaged(file: string, what: string): UsageError {
  return new UsageError(`${file}, ${what}`, 'it is damaged or was edited: take the original')
}
