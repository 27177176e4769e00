import { fieldKind, isValue, kindOfName } from '../field-kind.ts'
import type { EntrySpan } from './dynamic-table.ts'

/**
 * The result of checking a field, kept with its entry so that a field that is indexed is not checked again:
 * which field its name is, and a bit that says that its value is none.
 */
const kindMask = 0x0f
const badValue = 0x80

/** Checks a field whose name is of kind `nameKind`. */
export function noteOf({ bytes, valueStart, end }: EntrySpan, nameKind: number): number {
  return isValue(bytes, valueStart, end) ? nameKind : nameKind | badValue
}

/** Which field the name of the entry is. */
export function nameKindIn(note: number): number {
  return note & kindMask
}

/** Which field the entry is; `invalid` where its value is none. */
export function fieldKindIn(note: number): number {
  return (note & badValue) === 0 ? note : fieldKind.invalid
}

/** Checks name and value of a field. */
export function noteOfField(entry: EntrySpan): number {
  return noteOf(entry, kindOfName(entry.bytes, entry.start, entry.valueStart))
}
