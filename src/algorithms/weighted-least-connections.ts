import type { Algorithm } from './algorithm.ts'
import { indexedPicker, isIndexed } from './parts/indexed-picker.ts'
import { mayPick } from './parts/may-pick.ts'
import { smoothTurns, turnCells } from './parts/smooth-turns.ts'
import { turnGroups } from './parts/turn-groups.ts'

/**
 * The backend with the fewest requests in flight relative to its weight, as in nginx: requests ÷ weight, compared
 * by cross-multiplication, without the request that is about to be sent (HAProxy adds it). Ties take smooth
 * weighted turns.
 */
export const weightedLeastConnections: Algorithm = {
  name: 'weighted-least-connections',
  aliases: ['wlc', 'weighted-least-conn', 'weighted_least_conn', 'weighted-least-request'],
  summary: 'the fewest requests in flight relative to the weight; ties take weighted turns',
  source: 'nginx, ngx_http_upstream_least_conn_module.c',
  inputs: ['weight', 'in flight'],
  cost: 'O(n); O(weights + log n) with an index',
  state: 'a credit per backend and a lock, shared by all workers',
  parameters: {},
  cells: (rows) => ({ ints: turnCells(rows), floats: 0 }),

  picker(table, { shared: { ints }, told }) {
    const { size, weight, inFlight } = table
    if (isIndexed(table, told, 'everything')) {
      const { put, leave, next } = turnGroups(weight)
      return indexedPicker(table, {
        // Equal fractions are equal as doubles, and others differ, below 2^50 for numerator times denominator.
        put: (row) => put(row, (inFlight[row] as number) / (weight[row] as number)),
        leave,
        find: next,
      })
    }
    const turns = smoothTurns(weight, ints)
    const tied = new Int32Array(size)

    return {
      pick({ tried }) {
        let count = 0
        let busy = 0
        let share = 0
        for (let row = 0; row < size; row++) {
          if (!mayPick(table, row, tried)) continue
          const rowBusy = inFlight[row] as number
          const rowShare = weight[row] as number
          // Both products are below 2^53: a weight has 20 bits, a count 31.
          const difference = rowBusy * share - busy * rowShare
          if (count === 0 || difference < 0) {
            count = 0
            busy = rowBusy
            share = rowShare
          } else if (difference > 0) continue
          tied[count++] = row
        }
        return turns.next(tied, count)
      },
    }
  },
}
