import type { Algorithm } from './algorithm.ts'
import { mayPick } from './may-pick.ts'
import { sequenceLock } from './sequence-lock.ts'

/**
 * Smooth weighted round robin: every pick gives each eligible row credit worth its weight, takes the
 * row with the most (the earliest where equal) and lets it pay what all were given. So 5/1/1 gives
 * a a b a c a a and not five a in a row, and every W = Σ weight picks hold each row exactly
 * weight times.
 *
 * A row that is not eligible neither earns nor pays and keeps its credit, as in nginx. Unlike nginx
 * there is no effective weight: failures take a row out (`eligible`), they do not lighten it.
 *
 * All workers share the credits. A pick changes every row's, so it holds a lock: picks are exact
 * over all workers, at the cost of 20 ns where no other worker is picking.
 */
export const weighted: Algorithm = {
  name: 'weighted',
  aliases: ['wrr', 'swrr', 'weighted-round-robin', 'smooth-weighted-round-robin'],
  summary: 'smooth weighted round robin: shares as the weights, well mixed',
  source: 'nginx, ngx_http_upstream_round_robin.c (Igor Sysoev, 2012)',
  sees: ['weight'],
  cost: 'O(n)',
  state: 'a credit for each backend and a lock, shared by all workers',
  parameters: {},
  cells: (rows) => ({ ints: 2 + rows, floats: 0 }),

  picker(table, { shared: { ints } }) {
    const { size, weight } = table
    const lock = sequenceLock(ints, 0)
    const credits = ints.subarray(2, 2 + size)

    function step(tried: ReadonlySet<number> | undefined): number {
      // Between picks no credit is beyond Σ weight, unless weights were lowered: an old debt
      // would then keep a row waiting for too long, so it is cut to what can arise now.
      const bound = ints[1] as number
      let sum = 0
      let total = 0
      let best = -1
      let most = 0
      for (let row = 0; row < size; row++) {
        const earned = weight[row] as number
        sum += earned
        if (!mayPick(table, row, tried)) continue
        const credit = Math.max(-bound, Math.min(bound, credits[row] as number)) + earned
        credits[row] = credit
        total += earned
        if (best === -1 || credit > most) {
          best = row
          most = credit
        }
      }
      if (best !== -1) credits[best] = most - total
      ints[1] = sum
      return best
    }

    return {
      pick({ tried }) {
        const ticket = lock.acquire()
        const row = step(tried)
        lock.release(ticket)
        return row
      },
    }
  },
}
