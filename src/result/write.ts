import { type Output, writeOutput } from '../kit/output.ts'
import { type ResultDocument, resultDocument } from './document.ts'

/**
 * Writes a result, whole or not at all. Check with `checkOutput` before a run.
 *
 * @throws UsageError where the file is there already and not forced, or cannot be written.
 */
export async function writeResult(document: ResultDocument, output: Output): Promise<void> {
  await writeOutput(output, resultText(document))
}

/** A result as it is stored: JSON to read and to compare by line, but for lists of numbers. */
export function resultText(document: ResultDocument): string {
  const text = JSON.stringify(resultDocument.parse(document), undefined, 2)
  // A string holds no bare line break, so this meets lists only.
  return `${text.replace(/\[\n[-+\d.e,\s]+\]/g, (list) => list.replace(/\s+/g, ''))}\n`
}
