import type { Algorithm } from './algorithm.ts'
import { pointsPerWeight } from './consistent-hash.ts'
import { crc32 } from './hash/crc32.ts'
import { keyBytes } from './hash/key-bytes.ts'
import { ring } from './hash/ring.ts'
import { mayPick } from './parts/may-pick.ts'
import { weighted } from './weighted.ts'

/**
 * Consistent hashing where no backend takes much more than its share: a key goes on clockwise past
 * every backend that is full. A backend is full when its requests in flight have reached
 * ⌈(1 + ε) × (m + 1) × w / W⌉, with m and W summed over all that may be picked, and 1 + ε as
 * `loadFactor` in per cent. These add up to m + 1 at least, so that one is never full.
 *
 * This is the paper’s capacity. HAProxy (`hash-balance-factor`) rounds the sum first and shares the
 * remainder out, so that some take one less; Envoy takes a request more, and then goes on in a random
 * order in place of the ring’s. What m counts is shared by the workers, but W workers that
 * pick in the same moment may together take W − 1 too many.
 *
 * An empty key goes round by weight, full or not. On the ring and on rows that are down, see
 * consistent-hash.
 *
 * Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA 2018.
 */
export const boundedLoad: Algorithm = {
  name: 'bounded-consistent-hash',
  aliases: ['bounded-load', 'chwbl'],
  summary: 'consistent hashing past backends that are above their share of what is in flight',
  source: 'Mirrokni, Thorup, Zadimoghaddam, Consistent Hashing with Bounded Loads, SODA 2018',
  sees: ['key', 'weight', 'in flight'],
  cost: 'O(n)',
  state: 'a ring in each worker, 1.3 KB for each unit of weight; for empty keys, what weighted has',
  parameters: {
    pointsPerWeight,
    loadFactor: {
      summary: 'how much of its even share a backend may have in flight',
      unit: '%',
      default: 125,
      least: 100,
      most: 1_000_000,
      integer: true,
    },
  },
  cells: weighted.cells,

  picker(table, given) {
    const { size, inFlight, weight } = table
    const { settings } = given
    const { owners, find } = ring(table, settings.pointsPerWeight as number)
    const loadFactor = settings.loadFactor as number
    const fallback = weighted.picker(table, given)
    const key = keyBytes()

    let weights = 0
    let room = 0

    /** Adds up what may be picked; false where nothing may. */
    function survey(tried: ReadonlySet<number> | undefined): boolean {
      let busy = 0
      weights = 0
      for (let row = 0; row < size; row++) {
        if (!mayPick(table, row, tried)) continue
        busy += inFlight[row] as number
        weights += weight[row] as number
      }
      room = loadFactor * (busy + 1)
      return weights > 0
    }

    /** Whether `row` takes one more: n < ⌈x / y⌉ is n × y < x for a whole n, exact and undivided. */
    function hasRoom(row: number): boolean {
      return (inFlight[row] as number) * 100 * weights < room * (weight[row] as number)
    }

    function roomFrom(start: number, tried: ReadonlySet<number> | undefined): number {
      let place = start
      for (let left = owners.length; left > 0; left--) {
        const row = owners[place] as number
        if (hasRoom(row) && mayPick(table, row, tried)) return row
        if (++place === owners.length) place = 0
      }
      return -1
    }

    return {
      pick(choice) {
        if (choice.key === '' || !survey(choice.tried)) return fallback.pick(choice)
        key.read(choice.key)
        const row = roomFrom(find(crc32(key.bytes, key.length)), choice.tried)
        // Rows without a point may be all that is left: see consistent-hash.
        return row === -1 ? fallback.pick(choice) : row
      },
    }
  },
}
