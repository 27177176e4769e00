import { printableJson } from '../kit/printable.ts'
import { type ResultDocument, resultDocument } from './document.ts'

/** A result as it is stored: JSON to read and to compare by line, but for lists of numbers. */
export function resultText(document: ResultDocument): string {
  const text = printableJson(resultDocument.parse(document))
  // A string holds no bare line break, so this meets lists only.
  return `${text.replace(/\[\n[-+\d.e,\s]+\]/g, (list) => list.replace(/\s+/g, ''))}\n`
}
