import type { Algorithm } from './algorithm.ts'
import { mayPick } from './parts/may-pick.ts'

/**
 * The backend with the fewest requests in flight. Those that tie take turns: the search starts
 * behind the last one taken and a later row must be strictly less busy, so that an idle balancer
 * goes round instead of always sending to the first.
 *
 * A backend that fails at once always has the fewest: whoever uses this must take it out (passive
 * health checks), or it attracts everything.
 */
export const leastConnections: Algorithm = {
  name: 'least-connections',
  aliases: ['lc', 'least-conn', 'least_conn', 'leastconn', 'least-request'],
  summary: 'the fewest requests in flight; ties take turns',
  source: 'HAProxy leastconn and nginx least_conn, with equal weights',
  sees: ['in flight'],
  cost: 'O(n)',
  state: 'where the last turn was, shared by all workers',
  parameters: {},
  cells: () => ({ ints: 1, floats: 0 }),

  picker(table, { shared: { ints } }) {
    const { size, inFlight } = table

    function leastFrom(start: number, tried: ReadonlySet<number> | undefined): number {
      let best = -1
      let least = Number.POSITIVE_INFINITY
      let row = start
      for (let left = size; left > 0; left--) {
        const busy = inFlight[row] as number
        if (busy < least && mayPick(table, row, tried)) {
          best = row
          least = busy
        }
        if (++row === size) row = 0
      }
      return best
    }

    return {
      pick({ tried }) {
        for (;;) {
          const start = Atomics.load(ints, 0)
          const row = leastFrom(start, tried)
          if (row === -1) return -1
          const next = row + 1 === size ? 0 : row + 1
          // Two workers at the same tie must not take the same row: the later one looks again.
          if (Atomics.compareExchange(ints, 0, start, next) === start) return row
        }
      },
    }
  },
}
