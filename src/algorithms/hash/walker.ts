import type { BackendTable } from '../algorithm.ts'
import { mayPick } from '../parts/may-pick.ts'

/** Goes on from a place until its row may be picked; −1 where no row on the way round may. */
export type Walk = (start: number, tried: ReadonlySet<number> | undefined) => number

/**
 * Walks over `owners`, the row that each place of a ring or a table belongs to. A row that is down
 * is stepped over place by place: its keys go on to many others, no other key moves, and its own come
 * back with it, as though its places had been taken out and put back.
 */
export function walker(table: BackendTable, owners: Int32Array): Walk {
  const { size } = table
  const places = owners.length

  function anyone(tried: ReadonlySet<number> | undefined): boolean {
    for (let row = 0; row < size; row++) if (mayPick(table, row, tried)) return true
    return false
  }

  return (start, tried) => {
    let place = start
    for (let left = places; left > 0; left--) {
      const row = owners[place] as number
      if (mayPick(table, row, tried)) return row
      // Nobody at all? Asked once, so that an outage does not cost a whole round per request.
      if (left === places && !anyone(tried)) return -1
      if (++place === places) place = 0
    }
    return -1
  }
}
