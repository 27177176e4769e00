import type { Algorithm, Parameter } from './algorithm.ts'
import { crc32 } from './hash/crc32.ts'
import { keyBytes } from './hash/key-bytes.ts'
import { ring } from './hash/ring.ts'
import { walker } from './hash/walker.ts'
import { weighted } from './weighted.ts'

/** How many points a backend has on the ring. */
export const pointsPerWeight: Parameter = {
  summary: 'points on the ring for each unit of weight; 160 is nginx’s ring',
  unit: '',
  default: 160,
  least: 1,
  most: 10_000,
  integer: true,
}

/**
 * A key goes to the first point of a backend clockwise from its own place on a ring. Adding a
 * backend takes keys for it from all others, removing one gives back just its own, about 1/n each time.
 *
 * The points and the hash are nginx’s `hash … consistent`, so the same backends and weights give
 * the same mapping. A row that may not be picked is passed by, point by point, for as long as it
 * takes, where nginx gives up after twenty points: so a backend that is down moves its own keys only,
 * to where they would be without it. An empty key goes round by weight, as in nginx.
 *
 * The ring is made with the picker, from the weights of that moment: when a weight changes the caller
 * makes another picker. (0 takes effect at once.) With the defaults it holds 1.3 KB for each unit of
 * weight, 1.3 MB for 1,000 backends of weight 1, in each worker.
 *
 * Karger and others, "Consistent Hashing and Random Trees", STOC 1997.
 */
export const consistentHash: Algorithm = {
  name: 'consistent-hash',
  aliases: ['hash', 'ring-hash', 'ring_hash', 'ketama'],
  summary: 'a key’s next point on a ring; a changed set moves 1/n of the keys',
  source: 'nginx, hash … consistent, ngx_http_upstream_hash_module.c; Karger and others, 1997',
  sees: ['key', 'weight'],
  cost: 'O(log n)',
  state: 'a ring in each worker, 1.3 KB for each unit of weight; for empty keys, what weighted has',
  parameters: { pointsPerWeight },
  cells: weighted.cells,

  picker(table, given) {
    const { owners, find } = ring(table, given.settings.pointsPerWeight as number)
    const walk = walker(table, owners)
    const fallback = weighted.picker(table, given)
    const key = keyBytes()

    return {
      pick(choice) {
        if (choice.key === '') return fallback.pick(choice)
        key.read(choice.key)
        const row = walk(find(crc32(key.bytes, key.length)), choice.tried)
        // A row that had no weight when the ring was made has no point on it.
        return row === -1 ? fallback.pick(choice) : row
      },
    }
  },
}
