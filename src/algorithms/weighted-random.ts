import type { Algorithm } from './algorithm.ts'
import { indexedPicker, isIndexed } from './parts/indexed-picker.ts'
import { mayPick } from './parts/may-pick.ts'
import { rowSums } from './parts/row-sums.ts'

/**
 * A backend at random, with a probability in proportion to its weight: draws a number below Σ weight and picks
 * the row at which the running sum exceeds it. The draw has 53 bits and the sum at most 30, so the error of a
 * row's share is at most 2⁻²³ of it.
 */
export const weightedRandom: Algorithm = {
  name: 'weighted-random',
  aliases: ['wrandom', 'weighted_random'],
  summary: 'a random backend, with probability in proportion to the weight',
  source: 'nginx, ngx_http_upstream_random_module.c',
  inputs: ['weight', 'random'],
  cost: 'O(n); O(log n) with an index',
  state: 'none',
  parameters: {},
  cells: () => ({ ints: 0, floats: 0 }),

  picker(table, { random, told }) {
    const { size, weight } = table
    if (isIndexed(table, told, 'eligibility')) {
      const sums = rowSums(size)
      return indexedPicker(table, {
        put: (row) => sums.set(row, weight[row] as number),
        leave: (row) => sums.set(row, 0),
        find() {
          const point = Math.floor(random() * sums.total)
          return sums.total === 0 ? -1 : sums.rowAt(point)
        },
      })
    }

    function total(tried: ReadonlySet<number> | undefined): number {
      let sum = 0
      for (let row = 0; row < size; row++) {
        if (mayPick(table, row, tried)) sum += weight[row] as number
      }
      return sum
    }

    return {
      pick({ tried }) {
        let left = Math.floor(random() * total(tried))
        let last = -1
        for (let row = 0; row < size; row++) {
          if (!mayPick(table, row, tried)) continue
          last = row
          left -= weight[row] as number
          if (left < 0) return row
        }
        // Reached only if weights fell while they were added up.
        return last
      },
    }
  },
}
