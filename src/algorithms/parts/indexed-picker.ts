import type { BackendTable, Choice, Picker, Told } from '../algorithm.ts'
import { mayPick } from './may-pick.ts'

/** Rows that may be picked, in a structure that finds the next one without reading all. */
export interface RowIndex {
  /** A row may be picked now, or its columns have changed. */
  put(row: number): void
  /** A row may not be picked now. No effect if it is not in the index. */
  leave(row: number): void
  /** The row to pick; −1 if the index is empty. */
  find(choice: Choice): number
}

/** Rows from which on an index is kept: fewer are read faster. */
const minRows = 64

/** Whether a picker that has to be told `needed` keeps an index. */
export function isIndexed(
  { size }: BackendTable,
  told: Told | undefined,
  needed: 'eligibility' | 'everything',
): boolean {
  return size >= minRows && (told === 'everything' || told === needed)
}

/** A picker with an index. Rows that were tried are taken out for the pick. */
export function indexedPicker(
  table: BackendTable,
  { put, leave, find }: RowIndex,
): Picker & Required<Pick<Picker, 'changed'>> {
  const { size } = table
  const changed = (row: number): void => {
    if (mayPick(table, row, undefined)) put(row)
    else leave(row)
  }
  for (let row = 0; row < size; row++) changed(row)

  return {
    changed,
    pick(choice) {
      const { tried } = choice
      if (tried === undefined) return find(choice)
      for (const row of tried) if (row < size) leave(row)
      const found = find(choice)
      for (const row of tried) if (row < size) changed(row)
      return found
    },
  }
}
