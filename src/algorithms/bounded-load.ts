import type { Algorithm } from './algorithm.ts'
import { pointsPerWeight } from './consistent-hash.ts'
import { crc32 } from './hash/crc32.ts'
import { keyBytes } from './hash/key-bytes.ts'
import { ring } from './hash/ring.ts'
import { keptSums, readSums } from './parts/eligible-sums.ts'
import { isIndexed } from './parts/indexed-picker.ts'
import { mayPick } from './parts/may-pick.ts'
import { weighted } from './weighted.ts'

/**
 * Consistent hashing with a bound on the load: a key moves on clockwise past every backend that is full. A
 * backend is full when its requests in flight reach ⌈(1 + ε) × (m + 1) × w / W⌉, where m (requests in flight)
 * and W (weights) are sums over all eligible backends, and 1 + ε is `loadFactor` in percent. These capacities
 * add up to at least m + 1, so that at least one backend is not full.
 *
 * This is the paper’s capacity. HAProxy (`hash-balance-factor`) rounds the sum first and distributes the
 * remainder, so that some backends take one less; Envoy takes one request more, and continues in a random
 * order, not in that of the ring. m is shared by the workers, but n workers that pick at the same moment may
 * together exceed a capacity by n − 1.
 *
 * Requests with an empty key are distributed by weight, whether backends are full or not. For the ring and for
 * rows that are down, see consistent-hash.
 *
 * Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA 2018.
 */
export const boundedLoad: Algorithm = {
  name: 'bounded-consistent-hash',
  aliases: ['bounded-load', 'chwbl'],
  summary:
    'consistent hashing that skips backends with more than their share of the requests in flight',
  source: 'Mirrokni, Thorup, Zadimoghaddam, Consistent Hashing with Bounded Loads, SODA 2018',
  inputs: ['key', 'weight', 'in flight'],
  cost: 'O(n); O(log n) with an index, and a step for each full backend',
  state: 'a ring per worker, 1.5 KB per unit of weight; for empty keys, the state of weighted',
  parameters: {
    pointsPerWeight,
    loadFactor: {
      summary: 'maximum requests in flight of a backend, relative to its share',
      unit: '%',
      default: 125,
      min: 100,
      max: 1_000_000,
      integer: true,
    },
  },
  cells: weighted.cells,

  picker(table, options) {
    const { inFlight, weight } = table
    const { settings } = options
    const { owners, find } = ring(table, settings.pointsPerWeight as number)
    const loadFactor = settings.loadFactor as number
    const fallback = weighted.picker(table, { ...options, told: 'nothing' })
    const key = keyBytes()

    const sums = isIndexed(table, options.told, 'everything') ? keptSums(table) : readSums(table)
    let totalCapacity = 0

    /** Adds up weights and requests in flight of all eligible rows; false if there is none. */
    function computeCapacity(tried: ReadonlySet<number> | undefined): boolean {
      sums.read(tried)
      totalCapacity = loadFactor * (sums.busy + 1)
      return sums.weight > 0
    }

    /** Whether `row` can take one more request: for an integer n, n < ⌈x / y⌉ is n × y < x, without rounding. */
    function hasRoom(row: number): boolean {
      return (inFlight[row] as number) * 100 * sums.weight < totalCapacity * (weight[row] as number)
    }

    function firstWithRoom(start: number, tried: ReadonlySet<number> | undefined): number {
      let point = start
      for (let left = owners.length; left > 0; left--) {
        const row = owners[point] as number
        if (hasRoom(row) && mayPick(table, row, tried)) return row
        if (++point === owners.length) point = 0
      }
      return -1
    }

    return {
      ...(sums.changed && { changed: sums.changed }),
      pick(choice) {
        if (choice.key === '' || !computeCapacity(choice.tried)) return fallback.pick(choice)
        key.read(choice.key)
        const row = firstWithRoom(find(crc32(key.bytes, key.length)), choice.tried)
        // Only rows without a point may be left: see consistent-hash.
        return row === -1 ? fallback.pick(choice) : row
      },
    }
  },
}
