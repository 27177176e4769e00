import { printableJson } from '../kit/printable.ts'
import type { AnyDocument } from './any-document.ts'
import { resultDocument } from './document.ts'
import { loadResult } from './schemas/load.ts'

/** A result as it is stored: JSON to read and to compare by line, but for lists of numbers. */
export function resultText(document: AnyDocument): string {
  const text = printableJson(checked(document))
  // A string holds no bare line break, so this meets lists only.
  return `${text.replace(/\[\n[-+\d.e,\s]+\]/g, (list) => list.replace(/\s+/g, ''))}\n`
}

/** The document by its schema. Figures of a simulation may be infinite or NaN, which JSON has as null. */
function checked(document: AnyDocument): unknown {
  switch (document.format) {
    case 'lb-result':
      return resultDocument.parse(document)
    case 'lb-load':
      return loadResult.parse(document)
    default:
      return document
  }
}
