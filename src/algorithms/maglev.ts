import { UsageError } from '../kit/errors.ts'
import type { Algorithm } from './algorithm.ts'
import { keyBytes } from './hash/key-bytes.ts'
import { permutedTable } from './hash/permuted-table.ts'
import { remainder } from './hash/remainder.ts'
import { walker } from './hash/walker.ts'
import { xxhash64 } from './hash/xxhash64.ts'
import { weighted } from './weighted.ts'

/**
 * The hash of the key modulo the size of a lookup table, in which every backend owns its share of the entries:
 * more evenly than on a ring, and found in one step. A change of the set moves its own keys and a few others:
 * 0.2 % more with 10 backends and 0.5 % with 100 at the default size, less in a larger table. For shares that are
 * even to 1 % the size should be 100 times the number of backends.
 *
 * If the row of an entry may not be picked, the next entry is used, so that a backend that is down moves only its
 * own keys, and they return with it; Envoy builds a new table of the healthy backends instead. Requests with
 * an empty key are distributed by weight.
 *
 * The table is built with the picker from the current weights: when a weight changes the caller makes another
 * picker. (0 takes effect at once.) It takes 4 bytes per entry in each worker: 262 KB with the default size.
 *
 * Eisenbud and others, "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016.
 */
export const maglev: Algorithm = {
  name: 'maglev',
  aliases: [],
  summary: 'lookup in an even table; a change of the set moves little more than 1/n of the keys',
  source: 'Eisenbud and others, Maglev, NSDI 2016; hashes and weights as in Envoy',
  inputs: ['key', 'weight'],
  cost: 'O(1)',
  state: 'a table per worker, 4 bytes per entry; for empty keys, the state of weighted',
  parameters: {
    tableSize: {
      summary: 'entries of the table: a prime, at least 100 times the number of backends',
      unit: '',
      default: 65_537,
      min: 2,
      // Envoy’s limit.
      max: 5_000_011,
      integer: true,
      check: (value) => (isPrime(value) ? undefined : 'must be prime'),
    },
  },
  cells: weighted.cells,

  picker(table, options) {
    const entries = options.settings.tableSize as number
    checkSize(table.ids, entries)
    const walk = walker(table, permutedTable(table, entries))
    const fallback = weighted.picker(table, { ...options, told: 'nothing' })
    const key = keyBytes()
    const hash = xxhash64()

    return {
      pick(choice) {
        if (choice.key === '') return fallback.pick(choice)
        key.read(choice.key)
        hash.hash(key.bytes, key.length)
        const row = walk(remainder(hash, entries), choice.tried)
        // A row whose weight was 0 when the table was built has no entry.
        return row === -1 ? fallback.pick(choice) : row
      },
    }
  },
}

function isPrime(value: number): boolean {
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false
  return true
}

function checkSize(ids: readonly string[], entries: number): void {
  const backends = ids.filter((id) => id !== '').length
  if (backends <= entries) return
  throw new UsageError(
    `maglev: tableSize ${entries} is too small for ${backends} backends`,
    'use a prime that is at least 100 times the number of backends',
  )
}
