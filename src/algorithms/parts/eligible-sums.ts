import type { BackendTable } from '../algorithm.ts'
import { mayPick } from './may-pick.ts'

/** Sums over the rows that may be picked. */
export interface EligibleSums {
  /** Σ requests in flight and Σ weight, as they were at `read`. */
  readonly busy: number
  readonly weight: number
  /** Adds up all rows but those that were tried. */
  read(tried: ReadonlySet<number> | undefined): void
  /** See `Picker.changed`; absent where every row is read. */
  changed?(row: number): void
}

/** Sums over rows that may change at any time: `read` reads all. */
export function readSums(table: BackendTable): EligibleSums {
  const { size, inFlight, weight } = table
  const sums = {
    busy: 0,
    weight: 0,
    read(tried: ReadonlySet<number> | undefined): void {
      sums.busy = 0
      sums.weight = 0
      for (let row = 0; row < size; row++) {
        if (!mayPick(table, row, tried)) continue
        sums.busy += inFlight[row] as number
        sums.weight += weight[row] as number
      }
    },
  }
  return sums
}

/** Sums over rows whose changes are told. */
export function keptSums(table: BackendTable): EligibleSums {
  const { size, inFlight, weight } = table
  const known = { busy: new Float64Array(size), weight: new Float64Array(size) }
  const total = { busy: 0, weight: 0 }
  const sums = {
    ...total,
    read(tried: ReadonlySet<number> | undefined): void {
      sums.busy = total.busy
      sums.weight = total.weight
      if (tried === undefined) return
      for (const row of tried) {
        sums.busy -= known.busy[row] ?? 0
        sums.weight -= known.weight[row] ?? 0
      }
    },
    changed(row: number): void {
      const isEligible = mayPick(table, row, undefined)
      const busy = isEligible ? (inFlight[row] as number) : 0
      const share = isEligible ? (weight[row] as number) : 0
      total.busy += busy - (known.busy[row] as number)
      total.weight += share - (known.weight[row] as number)
      known.busy[row] = busy
      known.weight[row] = share
    },
  }
  for (let row = 0; row < size; row++) sums.changed(row)
  return sums
}
