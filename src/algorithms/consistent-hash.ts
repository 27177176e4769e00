import type { Algorithm, Parameter } from './algorithm.ts'
import { crc32 } from './hash/crc32.ts'
import { keyBytes } from './hash/key-bytes.ts'
import { ring } from './hash/ring.ts'
import { walker } from './hash/walker.ts'
import { weighted } from './weighted.ts'

/** The number of points of a backend on the ring. */
export const pointsPerWeight: Parameter = {
  summary: 'points on the ring per unit of weight; 160 as in nginx',
  unit: '',
  default: 160,
  min: 1,
  max: 10_000,
  integer: true,
}

/**
 * A key goes to the first point clockwise from its own hash on a ring. A backend that is added takes keys from
 * all others, one that is removed gives up only its own: about 1/n of the keys.
 *
 * The points and the hash are those of nginx’s `hash … consistent`, so the same backends and weights give the
 * same mapping. Points of rows that may not be picked are skipped without a limit, where nginx stops after
 * twenty points: so a backend that is down moves only its own keys, to where they would be without it.
 * Requests with an empty key are distributed by weight, as in nginx.
 *
 * The ring is built with the picker from the current weights: when a weight changes the caller makes another
 * picker. (0 takes effect at once.) With the defaults it takes 1.5 KB per unit of weight, 1.5 MB for 1,000
 * backends of weight 1, in each worker.
 *
 * Karger and others, "Consistent Hashing and Random Trees", STOC 1997.
 */
export const consistentHash: Algorithm = {
  name: 'consistent-hash',
  aliases: ['hash', 'ring-hash', 'ring_hash', 'ketama'],
  summary: 'the next point of the key on a hash ring; a change of the set moves 1/n of the keys',
  source: 'nginx, hash … consistent, ngx_http_upstream_hash_module.c; Karger and others, 1997',
  inputs: ['key', 'weight'],
  cost: 'O(1) on average',
  state: 'a ring per worker, 1.5 KB per unit of weight; for empty keys, the state of weighted',
  parameters: { pointsPerWeight },
  cells: weighted.cells,

  picker(table, options) {
    const { owners, find } = ring(table, options.settings.pointsPerWeight as number)
    const walk = walker(table, owners)
    const fallback = weighted.picker(table, { ...options, told: 'nothing' })
    const key = keyBytes()

    return {
      pick(choice) {
        if (choice.key === '') return fallback.pick(choice)
        key.read(choice.key)
        const row = walk(find(crc32(key.bytes, key.length)), choice.tried)
        // A row whose weight was 0 when the ring was built has no point.
        return row === -1 ? fallback.pick(choice) : row
      },
    }
  },
}
