import type { Algorithm } from './algorithm.ts'
import { indexedPicker, isIndexed } from './parts/indexed-picker.ts'
import { mayPick } from './parts/may-pick.ts'
import { smoothTurns, turnCells } from './parts/smooth-turns.ts'
import { turnGroups } from './parts/turn-groups.ts'

/**
 * Smooth weighted round robin: weights 5/1/1 give a a b a c a a, not five a in a row, and Σ weight consecutive
 * picks have each row exactly weight times, over all workers.
 *
 * A row that is not eligible keeps its credit until it returns, as in nginx. Unlike in nginx there is no
 * effective weight: failures make a row ineligible, they do not reduce its weight.
 */
export const weighted: Algorithm = {
  name: 'weighted',
  aliases: ['wrr', 'swrr', 'weighted-round-robin', 'smooth-weighted-round-robin'],
  summary: 'smooth weighted round robin: shares in proportion to the weights, evenly interleaved',
  source: 'nginx, ngx_http_upstream_round_robin.c (Maxim Dounin, 2012)',
  inputs: ['weight'],
  cost: 'O(n); O(weights + log n) with an index',
  state: 'a credit per backend and a lock, shared by all workers',
  parameters: {},
  cells: (rows) => ({ ints: turnCells(rows), floats: 0 }),

  picker(table, { shared: { ints }, told }) {
    if (isIndexed(table, told, 'everything')) {
      const { put, leave, next } = turnGroups(table.weight)
      return indexedPicker(table, { put: (row) => put(row, 0), leave, find: next })
    }
    const turns = smoothTurns(table.weight, ints)
    const candidates = new Int32Array(table.size)

    return {
      pick({ tried }) {
        let count = 0
        for (let row = 0; row < table.size; row++) {
          if (mayPick(table, row, tried)) candidates[count++] = row
        }
        return turns.next(candidates, count)
      },
    }
  },
}
