import type { Algorithm } from './algorithm.ts'
import { addressBytes, readAddress } from './hash/address-bytes.ts'
import { isIndexed } from './parts/indexed-picker.ts'
import { mayPick } from './parts/may-pick.ts'
import { rowSums } from './parts/row-sums.ts'
import { weighted } from './weighted.ts'

/** Maximum number of further hashes past rows that may not be picked, before the request is distributed by weight. */
const maxRehashes = 20

/**
 * Hashes the client's network modulo Σ weight: the first three bytes of an IPv4 address, all sixteen of an IPv6
 * address. So all clients of one /24 share a backend, and all of 127.0.0.0/24 do: load from a loopback address
 * goes to one backend.
 *
 * Rows that are down keep their part of Σ weight, so that only their own clients move: the hash is continued
 * over the same bytes, up to twenty times, and then the request is distributed by weight. So are requests whose
 * key is not an IP address. Adding or removing a backend, or changing a weight, moves nearly every client.
 */
export const ipHash: Algorithm = {
  name: 'ip-hash',
  aliases: ['ip_hash', 'iphash', 'source'],
  summary: 'hash of the client’s network; a change of the set moves nearly all clients',
  source: 'nginx, ngx_http_upstream_ip_hash_module.c',
  inputs: ['key', 'weight'],
  cost: 'O(n); O(log n) with an index',
  state: 'none; for keys that are not an IP address, the state of weighted',
  parameters: {},
  cells: weighted.cells,

  picker(table, options) {
    const { size, weight } = table
    // Few requests come to it: it reads the table.
    const fallback = weighted.picker(table, { ...options, told: 'nothing' })
    const sums = isIndexed(table, options.told, 'eligibility') ? rowSums(size) : undefined
    const changed = (row: number): void => sums?.set(row, weight[row] as number)
    if (sums) for (let row = 0; row < size; row++) changed(row)

    function totalWeight(): number {
      if (sums !== undefined) return sums.total
      let total = 0
      for (let row = 0; row < size; row++) total += weight[row] as number
      return total
    }

    function rowAt(point: number): number {
      if (sums !== undefined) return sums.rowAt(point)
      let rest = point
      for (let row = 0; row < size; row++) {
        rest -= weight[row] as number
        if (rest < 0) return row
      }
      return -1
    }

    function continueHash(previous: number, length: number): number {
      let hash = previous
      for (let i = 0; i < length; i++) hash = (hash * 113 + (addressBytes[i] as number)) % 6271
      return hash
    }

    return {
      ...(sums && { changed }),
      pick(choice) {
        const length = readAddress(choice.key)
        const total = totalWeight()
        if (length === 0 || total === 0) return fallback.pick(choice)
        let hash = 89
        for (let tries = 0; tries <= maxRehashes; tries++) {
          hash = continueHash(hash, length === 4 ? 3 : 16)
          const row = rowAt(hash % total)
          if (row !== -1 && mayPick(table, row, choice.tried)) return row
        }
        return fallback.pick(choice)
      },
    }
  },
}
