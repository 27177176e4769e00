import type { Algorithm } from './algorithm.ts'
import { fmix32 } from './hash/fmix32.ts'
import { keyBytes } from './hash/key-bytes.ts'
import { xxhash64 } from './hash/xxhash64.ts'
import { mayPick } from './parts/may-pick.ts'
import { weighted } from './weighted.ts'

/**
 * Every backend draws a number u in (0, 1) from the hash of the key and its own name; the highest
 * −w / ln(u) wins. A backend that is down, leaves or lightens loses its own keys only, and who comes or
 * grows takes keys for itself only. Shares follow the weights, which count from one pick to the next.
 * No table, no memory, any weights; but every pick looks at every backend.
 *
 * u comes from the xxHash64 of the key and that of the name, stirred together by MurmurHash3’s
 * finaliser: names that are alike must not draw alike. An empty key goes round by weight.
 *
 * Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM ToN 6(1), 1998;
 * weights: Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", SPAA 2005.
 */
export const rendezvous: Algorithm = {
  name: 'rendezvous',
  aliases: ['hrw', 'highest-random-weight'],
  summary: 'the highest draw of key and backend; a changed set moves the least',
  source: 'Thaler and Ravishankar, 1998; weights by Schindelhauer and Schomaker, 2005',
  sees: ['key', 'weight'],
  cost: 'O(n)',
  state: 'eight bytes a backend in each worker; for empty keys, what weighted has',
  parameters: {},
  cells: weighted.cells,

  picker(table, given) {
    const { ids, size, weight } = table
    const fallback = weighted.picker(table, given)
    const key = keyBytes()
    const hash = xxhash64()
    const high = new Int32Array(size)
    const low = new Int32Array(size)
    ids.forEach((id, row) => {
      key.read(id)
      hash.hash(key.bytes, key.length)
      high[row] = hash.high
      low[row] = hash.low
    })

    return {
      pick(choice) {
        if (choice.key === '') return fallback.pick(choice)
        key.read(choice.key)
        hash.hash(key.bytes, key.length)
        const keyHigh = hash.high
        const keyLow = hash.low
        let best = -1
        // The highest −w / ln(u) is the lowest −ln(u) / w.
        let least = Number.POSITIVE_INFINITY
        for (let row = 0; row < size; row++) {
          const half = fmix32(keyLow ^ (low[row] as number))
          const drawn = fmix32(half ^ keyHigh ^ (high[row] as number))
          // 1 − u: never 0 and never 1, so that the logarithm is finite.
          const rest = ((drawn >>> 0) + 0.5) / 0x100000000
          const share = weight[row] as number
          // −ln(u) > 1 − u: most rows are out before anything else is looked at.
          if (rest >= least * share || !mayPick(table, row, choice.tried)) continue
          const score = -Math.log1p(-rest) / share
          if (score < least || (score === least && (ids[row] as string) < (ids[best] as string))) {
            least = score
            best = row
          }
        }
        return best
      },
    }
  },
}
