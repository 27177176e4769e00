import { printableJson } from '../kit/printable.ts'
import { type ResultDocument, resultDocument } from './document.ts'
import { type LoadResult, loadResult } from './schemas/load.ts'

/** A result as it is stored: JSON to read and to compare by line, but for lists of numbers. */
export function resultText(document: ResultDocument | LoadResult): string {
  const schema = document.format === 'lb-load' ? loadResult : resultDocument
  const text = printableJson(schema.parse(document))
  // A string holds no bare line break, so this meets lists only.
  return `${text.replace(/\[\n[-+\d.e,\s]+\]/g, (list) => list.replace(/\s+/g, ''))}\n`
}
