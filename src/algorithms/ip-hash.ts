import type { Algorithm } from './algorithm.ts'
import { addressBytes, readAddress } from './hash/address-bytes.ts'
import { mayPick } from './parts/may-pick.ts'
import { weighted } from './weighted.ts'

/** How often the address is hashed on past rows that may not be picked, before picks go round. */
const rehashes = 20

/**
 * The client's network decides: the first three bytes of an IPv4 address, all sixteen of an IPv6
 * one, hashed and taken modulo Σ weight. So all clients of one /24 share a backend, which
 * includes all of 127.0.0.0/24: load from a loopback address lands on one backend.
 *
 * Rows that are down keep their place in Σ weight, so that only their own clients move: the hash
 * goes on over the same bytes, up to twenty times, and then picks go round by weight. They do too for a key
 * that is empty or no IP address. Adding, removing or weighing a backend moves nearly every client.
 */
export const ipHash: Algorithm = {
  name: 'ip-hash',
  aliases: ['ip_hash', 'iphash', 'source'],
  summary: 'the client’s network decides; a changed set moves nearly all clients',
  source: 'nginx, ngx_http_upstream_ip_hash_module.c',
  sees: ['key', 'weight'],
  cost: 'O(n)',
  state: 'none; for keys that are no address, what weighted has',
  parameters: {},
  cells: weighted.cells,

  picker(table, given) {
    const { size, weight } = table
    const fallback = weighted.picker(table, given)

    function hashOn(before: number, length: number): number {
      let hash = before
      for (let at = 0; at < length; at++) hash = (hash * 113 + (addressBytes[at] as number)) % 6271
      return hash
    }

    function rowAt(point: number): number {
      let rest = point
      for (let row = 0; row < size; row++) {
        rest -= weight[row] as number
        if (rest < 0) return row
      }
      return -1
    }

    return {
      pick(choice) {
        const length = readAddress(choice.key)
        let total = 0
        for (let row = 0; row < size; row++) total += weight[row] as number
        if (length === 0 || total === 0) return fallback.pick(choice)
        let hash = 89
        for (let tries = 0; tries <= rehashes; tries++) {
          hash = hashOn(hash, length === 4 ? 3 : 16)
          const row = rowAt(hash % total)
          if (row !== -1 && mayPick(table, row, choice.tried)) return row
        }
        return fallback.pick(choice)
      },
    }
  },
}
