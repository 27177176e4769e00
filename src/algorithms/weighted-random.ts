import type { Algorithm } from './algorithm.ts'
import { mayPick } from './parts/may-pick.ts'

/**
 * A backend at random, each as likely as its weight: draws a number below Σ weight and takes the row
 * where the running sum passes it. The draw has 53 bits and the sum at most 30, so no row is
 * favoured by more than 2⁻²³ of its share.
 */
export const weightedRandom: Algorithm = {
  name: 'weighted-random',
  aliases: ['wrandom', 'weighted_random'],
  summary: 'any backend, each as likely as its weight',
  source: 'nginx, ngx_http_upstream_random_module.c',
  sees: ['weight', 'dice'],
  cost: 'O(n)',
  state: 'none',
  parameters: {},
  cells: () => ({ ints: 0, floats: 0 }),

  picker(table, { random }) {
    const { size, weight } = table

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
        // Only where weights fell while we were adding them up.
        return last
      },
    }
  },
}
