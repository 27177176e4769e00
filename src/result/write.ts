import { type Output, ownersOnly, writeOutput } from '../kit/output.ts'
import type { AnyDocument } from './any-document.ts'
import { resultText } from './text.ts'

/**
 * Writes a result atomically, readable by its owner only. Check with `checkOutput` before a run.
 *
 * @throws UsageError where the file is there already and not forced, or cannot be written.
 */
export async function writeResult(document: AnyDocument, output: Output): Promise<void> {
  await writeOutput(output, resultText(document), ownersOnly)
}
