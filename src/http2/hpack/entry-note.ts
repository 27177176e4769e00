import { fieldKind, isValue, kindOfName } from '../field-kind.ts'
import type { EntrySpan } from './dynamic-table.ts'

/**
 * The result of the check of a field, kept with its table entry so that indexed fields are not checked again: the
 * kind of its name, and a bit for an invalid value.
 */
const kindMask = 0x0f
const badValue = 0x80

/** Checks a field whose name is of kind `nameKind`. */
export function noteOf({ bytes, valueStart, end }: EntrySpan, nameKind: number): number {
  return isValue(bytes, valueStart, end) ? nameKind : nameKind | badValue
}

/** The kind of the name of an entry. */
export function nameKindIn(note: number): number {
  return note & kindMask
}

/** The kind of an entry; `invalid` if its value is invalid. */
export function fieldKindIn(note: number): number {
  return (note & badValue) === 0 ? note : fieldKind.invalid
}

/** Checks the name and the value of a field. */
export function noteOfField(entry: EntrySpan): number {
  return noteOf(entry, kindOfName(entry.bytes, entry.start, entry.valueStart))
}
