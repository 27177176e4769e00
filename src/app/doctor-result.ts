import { evidenceOfLoad } from '../doctor/symptoms/of-load.ts'
import { evidenceOfResult } from '../doctor/symptoms/of-result.ts'
import { examineSymptoms } from '../doctor/symptoms/registry.ts'
import type { Diagnosis } from '../result/diagnosis.ts'
import { readResult } from '../result/read.ts'
import { readLoadResult } from '../result/read-load.ts'

/**
 * Follows the decision tree of each symptom over a stored result of trials or of a load test.
 *
 * @throws {UsageError} the file cannot be read, or is damaged
 */
export async function diagnoseResult(file: string): Promise<Diagnosis> {
  const load = await readLoadResult(file)
  const evidence =
    load === undefined ? evidenceOfResult(await readResult(file)) : evidenceOfLoad(load)
  return { of: 'result', subject: file, checks: [], symptoms: examineSymptoms(evidence) }
}
