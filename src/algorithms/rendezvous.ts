import type { Algorithm, Choice } from './algorithm.ts'
import { fmix32 } from './hash/fmix32.ts'
import { keyBytes } from './hash/key-bytes.ts'
import { xxhash64 } from './hash/xxhash64.ts'
import { isIndexed } from './parts/indexed-picker.ts'
import { knownKeys } from './parts/known-keys.ts'
import { mayPick } from './parts/may-pick.ts'
import { weighted } from './weighted.ts'

/**
 * Every backend gets a number u in (0, 1) from the hash of the key and its own name; the highest −w / ln(u) wins.
 * A backend that is down, removed or loses weight loses only its own keys; one that is added or gains weight
 * only gains keys. Shares follow the weights, which take effect at once. There is no table and no limit on
 * weights, but every pick reads every backend, unless its key was picked before and no backend has changed since.
 *
 * u is computed from the xxHash64 of the key and that of the name, mixed by the finaliser of MurmurHash3, since
 * similar names must give independent numbers. Requests with an empty key are distributed by weight.
 *
 * Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM ToN 6(1), 1998;
 * weights: Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", SPAA 2005.
 */
export const rendezvous: Algorithm = {
  name: 'rendezvous',
  aliases: ['hrw', 'highest-random-weight'],
  summary: 'the highest score of key and backend; a change of the set moves the fewest keys',
  source: 'Thaler and Ravishankar, 1998; weights by Schindelhauer and Schomaker, 2005',
  inputs: ['key', 'weight'],
  cost: 'O(n); O(1) for a known key with an index',
  state:
    '8 bytes per backend in each worker, 400 KB of keys with an index; for empty keys, the state of weighted',
  parameters: {},
  cells: weighted.cells,

  picker(table, options) {
    const { ids, size, weight } = table
    const { told } = options
    const fallback = weighted.picker(table, { ...options, told: 'nothing' })
    const key = keyBytes()
    const hash = xxhash64()
    const high = new Int32Array(size)
    const low = new Int32Array(size)
    ids.forEach((id, row) => {
      hashOf(id)
      high[row] = hash.high
      low[row] = hash.low
    })

    /** The row with the highest score for a key with this hash; −1 if none may be picked. */
    function highest(keyHigh: number, keyLow: number, tried: Choice['tried']): number {
      let best = -1
      // The highest −w / ln(u) is the lowest −ln(u) / w.
      let lowest = Number.POSITIVE_INFINITY
      for (let row = 0; row < size; row++) {
        const half = fmix32(keyLow ^ (low[row] as number))
        const mixed = fmix32(half ^ keyHigh ^ (high[row] as number))
        // 1 − u is never 0 and never 1, so that the logarithm is finite.
        const rest = ((mixed >>> 0) + 0.5) / 0x100000000
        const share = weight[row] as number
        // −ln(u) > 1 − u: rules out most rows at once.
        if (rest >= lowest * share || !mayPick(table, row, tried)) continue
        const score = -Math.log1p(-rest) / share
        if (score < lowest || (score === lowest && (ids[row] as string) < (ids[best] as string))) {
          lowest = score
          best = row
        }
      }
      return best
    }

    function hashOf(text: string): void {
      key.read(text)
      hash.hash(key.bytes, key.length)
    }

    const known = isIndexed(table, told, 'eligibility') ? knownKeys(table) : undefined

    return {
      ...(known && { changed: known.changed }),
      pick(choice) {
        if (choice.key === '') return fallback.pick(choice)
        hashOf(choice.key)
        const { high: keyHigh, low: keyLow } = hash
        if (known === undefined || choice.tried !== undefined) {
          return highest(keyHigh, keyLow, choice.tried)
        }
        const before = known.row(keyHigh, keyLow)
        if (before !== -1) return before
        const row = highest(keyHigh, keyLow, undefined)
        known.add(keyHigh, keyLow, row)
        return row
      },
    }
  },
}
