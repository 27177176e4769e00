import type { BackendTable } from '../algorithm.ts'
import { mayPick } from '../parts/may-pick.ts'

/** Finds the first entry from `start` on, wrapping around, whose row may be picked; −1 if there is none. */
export type Walk = (start: number, tried: ReadonlySet<number> | undefined) => number

/**
 * Walks over `owners`, the rows of the entries of a ring or a table. Entries of a row that is down are skipped
 * one by one: its keys spread over many others, no other key moves, and its own keys return with it, as if its
 * entries had been removed and added again.
 */
export function walker(table: BackendTable, owners: Int32Array): Walk {
  const { size } = table
  const entries = owners.length

  function anyEligible(tried: ReadonlySet<number> | undefined): boolean {
    for (let row = 0; row < size; row++) if (mayPick(table, row, tried)) return true
    return false
  }

  return (start, tried) => {
    let entry = start
    for (let left = entries; left > 0; left--) {
      const row = owners[entry] as number
      if (mayPick(table, row, tried)) return row
      // Checked once, so that a request does not walk all entries when no row is eligible.
      if (left === entries && !anyEligible(tried)) return -1
      if (++entry === entries) entry = 0
    }
    return -1
  }
}
