import type { Algorithm, Parameter } from './algorithm.ts'
import { fewestTree } from './parts/fewest-tree.ts'
import { indexedPicker, isIndexed } from './parts/indexed-picker.ts'
import { mayPick } from './parts/may-pick.ts'

/** How ties are broken: balancers take turns, textbooks draw. */
const ties: Parameter = {
  summary:
    '0: ties take turns; 1: one of them at random, as in the textbook’s join the shortest queue',
  unit: '',
  default: 0,
  min: 0,
  max: 1,
  integer: true,
}

/**
 * The backend with the fewest requests in flight. Ties take turns: the search starts after the last picked row,
 * and a later row must have strictly fewer, so that an idle balancer picks in turn and not always the first row.
 *
 * The search ends at the first idle backend, since none can have fewer: while some are idle, a pick takes a few steps with any
 * number of backends.
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
  cost: 'O(n), less while backends are idle; O(log n) with an index',
  state: 'the last picked row, shared by all workers',
  parameters: { ties },
  cells: () => ({ ints: 1, floats: 0 }),

  picker(table, { shared: { ints }, random, settings, told }) {
    const { size, inFlight } = table

    function fewestFrom(start: number, tried: ReadonlySet<number> | undefined): number {
      let best = -1
      let fewest = Number.POSITIVE_INFINITY
      let row = start
      for (let left = size; left > 0; left--) {
        const busy = inFlight[row] as number
        if (busy < fewest && mayPick(table, row, tried)) {
          if (busy === 0) return row
          best = row
          fewest = busy
        }
        if (++row === size) row = 0
      }
      return best
    }

    /** Of n ties the k-th replaces the one before with probability 1/k, so that each is equally likely. */
    function anyFewest(tried: ReadonlySet<number> | undefined): number {
      let best = -1
      let fewest = Number.POSITIVE_INFINITY
      let ties = 0
      for (let row = 0; row < size; row++) {
        const busy = inFlight[row] as number
        if (busy > fewest || !mayPick(table, row, tried)) continue
        ties = busy === fewest ? ties + 1 : 1
        fewest = busy
        if (ties === 1 || random() * ties < 1) best = row
      }
      return best
    }

    if (settings.ties === 1) return { pick: ({ tried }) => anyFewest(tried) }
    if (isIndexed(table, told, 'everything')) {
      const tree = fewestTree(size)
      return indexedPicker(table, {
        put: (row) => tree.set(row, inFlight[row] as number),
        leave: tree.leave,
        find() {
          const row = tree.firstFrom(ints[0] as number)
          if (row !== -1) ints[0] = row + 1 === size ? 0 : row + 1
          return row
        },
      })
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
