import type { Algorithm } from './algorithm.ts'
import { mayPick } from './parts/may-pick.ts'

/**
 * The backend with the fewest requests in flight. Ties take turns: the search starts after the last picked row,
 * and a later row must have strictly fewer, so that an idle balancer picks in turn and not always the first row.
 *
 * A backend that fails at once always has the fewest: without passive health checks, which eject it, it
 * attracts all requests.
 */
export const leastConnections: Algorithm = {
  name: 'least-connections',
  aliases: ['lc', 'least-conn', 'least_conn', 'leastconn', 'least-request'],
  summary: 'the fewest requests in flight; ties take turns',
  source: 'HAProxy leastconn and nginx least_conn, with equal weights',
  inputs: ['in flight'],
  cost: 'O(n)',
  state: 'the last picked row, shared by all workers',
  parameters: {},
  cells: () => ({ ints: 1, floats: 0 }),

  picker(table, { shared: { ints } }) {
    const { size, inFlight } = table

    function fewestFrom(start: number, tried: ReadonlySet<number> | undefined): number {
      let best = -1
      let fewest = Number.POSITIVE_INFINITY
      let row = start
      for (let left = size; left > 0; left--) {
        const busy = inFlight[row] as number
        if (busy < fewest && mayPick(table, row, tried)) {
          best = row
          fewest = busy
        }
        if (++row === size) row = 0
      }
      return best
    }

    return {
      pick({ tried }) {
        for (;;) {
          const start = Atomics.load(ints, 0)
          const row = fewestFrom(start, tried)
          if (row === -1) return -1
          const next = row + 1 === size ? 0 : row + 1
          // Two workers must not pick the same row of a tie: the later one searches again.
          if (Atomics.compareExchange(ints, 0, start, next) === start) return row
        }
      },
    }
  },
}
