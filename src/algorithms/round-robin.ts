import type { Algorithm } from './algorithm.ts'
import { mayPick } from './parts/may-pick.ts'

/**
 * One backend after the other. The state is one shared cell: the row where the next search starts.
 *
 * While all rows are eligible the cell is an atomic counter modulo n. A row that is not eligible is skipped, and
 * the cell is set to the row after the picked one. So a skipped turn is lost, where a free-running counter would
 * give it to the next row: with row 1 of 3 down the picks are 0 2 0 2, not 0 2 2 0 2 2. The cell holds a row,
 * not an index in a list of eligible rows: the order does not jump when a row leaves or returns, and the cell
 * cannot overflow.
 */
export const roundRobin: Algorithm = {
  name: 'round-robin',
  aliases: ['rr', 'roundrobin', 'round_robin'],
  summary: 'one backend after the other',
  source: 'smooth weighted round robin with equal weights, as in nginx',
  inputs: [],
  cost: 'O(1); O(n) if few are eligible',
  state: 'one counter, shared by all workers',
  parameters: {},
  cells: () => ({ ints: 1, floats: 0 }),

  picker(table, { shared: { ints } }) {
    const { size } = table

    function firstFrom(start: number, tried: ReadonlySet<number> | undefined): number {
      for (let row = start; row < size; row++) if (mayPick(table, row, tried)) return row
      for (let row = 0; row < start; row++) if (mayPick(table, row, tried)) return row
      return -1
    }

    return {
      pick({ tried }) {
        for (;;) {
          const start = Atomics.load(ints, 0)
          const row = firstFrom(start, tried)
          if (row === -1) return -1
          const next = row + 1 === size ? 0 : row + 1
          // Another worker took this turn: search again, so that no turn is used twice.
          if (Atomics.compareExchange(ints, 0, start, next) === start) return row
        }
      },
    }
  },
}
