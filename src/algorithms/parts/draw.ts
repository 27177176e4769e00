import type { Random } from '../../kit/random.ts'
import type { BackendTable } from '../algorithm.ts'
import { mayPick } from './may-pick.ts'

/** Draws of ineligible rows before the eligible rows are counted instead; nginx has the same limit. */
const maxMisses = 20

/** Draws a row that was not tried and is not `except` (−1: no exception); −1 if there is none. */
export type Draw = (tried: ReadonlySet<number> | undefined, except: number) => number

/**
 * Draws rows that may be picked, each equally likely. It draws from all rows until one is eligible, which needs
 * no list of them; if few are eligible, it counts them and walks to the k-th.
 */
export function draws(table: BackendTable, random: Random): Draw {
  const { size } = table

  function walk(tried: ReadonlySet<number> | undefined, except: number): number {
    let eligible = 0
    for (let row = 0; row < size; row++) {
      if (row !== except && mayPick(table, row, tried)) eligible++
    }
    let left = Math.floor(random() * eligible)
    let last = -1
    for (let row = 0; row < size && left >= 0; row++) {
      if (row === except || !mayPick(table, row, tried)) continue
      last = row
      left--
    }
    // Not the k-th if another worker made a row ineligible after they were counted.
    return last
  }

  return (tried, except) => {
    const candidates = except === -1 ? size : size - 1
    for (let miss = 0; miss < maxMisses && candidates > 0; miss++) {
      const drawn = Math.floor(random() * candidates)
      // Skips over the excluded row, so that the others stay equally likely.
      const row = except !== -1 && drawn >= except ? drawn + 1 : drawn
      if (mayPick(table, row, tried)) return row
    }
    return walk(tried, except)
  }
}
