import type { BackendTable } from '../algorithm.ts'
import { mayPick } from './may-pick.ts'

/** The rows of keys that were picked since a backend changed, by the 64-bit hash of the key. */
export interface KnownKeys {
  /** The row of a key; −1 if it is not known. */
  row(high: number, low: number): number
  add(high: number, low: number, row: number): void
  /** See `Picker.changed`: another eligibility or weight makes all keys unknown. */
  changed(row: number): void
}

/** Keys that are known at most: of two in one place the later one stays. 12 bytes each. */
const places = 2 ** 15

export function knownKeys(table: BackendTable): KnownKeys {
  const { size, weight } = table
  const highs = new Int32Array(places)
  const lows = new Int32Array(places)
  const rows = new Int32Array(places).fill(-1)
  const shares = Int32Array.from({ length: size }, (_, row) => shareOf(row))
  let isEmpty = true

  function shareOf(row: number): number {
    return mayPick(table, row, undefined) ? (weight[row] as number) : 0
  }

  return {
    row(high, low) {
      const place = low & (places - 1)
      const row = rows[place] as number
      const isKnown = row !== -1 && highs[place] === high && lows[place] === low
      // A change may be told later than it takes effect.
      return isKnown && mayPick(table, row, undefined) ? row : -1
    },
    add(high, low, row) {
      const place = low & (places - 1)
      highs[place] = high
      lows[place] = low
      rows[place] = row
      isEmpty = false
    },
    changed(row) {
      const share = shareOf(row)
      if (shares[row] === share) return
      shares[row] = share
      if (!isEmpty) rows.fill(-1)
      isEmpty = true
    },
  }
}
