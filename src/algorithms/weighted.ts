import type { Algorithm } from './algorithm.ts'
import { mayPick } from './parts/may-pick.ts'
import { smoothTurns, turnCells } from './parts/smooth-turns.ts'

/**
 * Smooth weighted round robin: 5/1/1 gives a a b a c a a and not five a in a row, and every
 * Σ weight picks hold each row exactly weight times, counted over all workers.
 *
 * A row that is not eligible keeps its credit until it returns, as in nginx. Unlike nginx there is
 * no effective weight: failures take a row out (`eligible`), they do not lighten it.
 */
export const weighted: Algorithm = {
  name: 'weighted',
  aliases: ['wrr', 'swrr', 'weighted-round-robin', 'smooth-weighted-round-robin'],
  summary: 'smooth weighted round robin: shares as the weights, well mixed',
  source: 'nginx, ngx_http_upstream_round_robin.c (Maxim Dounin, 2012)',
  sees: ['weight'],
  cost: 'O(n)',
  state: 'a credit for each backend and a lock, shared by all workers',
  parameters: {},
  cells: (rows) => ({ ints: turnCells(rows), floats: 0 }),

  picker(table, { shared: { ints } }) {
    const turns = smoothTurns(table.weight, ints)
    const open = new Int32Array(table.size)

    return {
      pick({ tried }) {
        let count = 0
        for (let row = 0; row < table.size; row++) {
          if (mayPick(table, row, tried)) open[count++] = row
        }
        return turns.next(open, count)
      },
    }
  },
}
