import type { Random } from '../../kit/random.ts'
import type { BackendTable } from '../algorithm.ts'
import { mayPick } from './may-pick.ts'

/** Draws that may miss before the rows are counted instead: nginx gives up after as many. */
const misses = 20

/** Draws a row that was not tried and is not `besides` (−1 for none); −1 where there is none. */
export type Draw = (tried: ReadonlySet<number> | undefined, besides: number) => number

/**
 * Draws rows that may be picked, each equally likely. Draws from all rows until one is eligible, which
 * needs no list of them; where few are, it counts them and walks to the k-th.
 */
export function draws(table: BackendTable, random: Random): Draw {
  const { size } = table

  function walk(tried: ReadonlySet<number> | undefined, besides: number): number {
    let open = 0
    for (let row = 0; row < size; row++) {
      if (row !== besides && mayPick(table, row, tried)) open++
    }
    let left = Math.floor(random() * open)
    let last = -1
    for (let row = 0; row < size && left >= 0; row++) {
      if (row === besides || !mayPick(table, row, tried)) continue
      last = row
      left--
    }
    // Not the k-th only where another worker closed a row since they were counted.
    return last
  }

  return (tried, besides) => {
    const among = besides === -1 ? size : size - 1
    for (let miss = 0; miss < misses && among > 0; miss++) {
      const drawn = Math.floor(random() * among)
      // Skips over the excluded row, so that the others stay equally likely.
      const row = besides !== -1 && drawn >= besides ? drawn + 1 : drawn
      if (mayPick(table, row, tried)) return row
    }
    return walk(tried, besides)
  }
}
