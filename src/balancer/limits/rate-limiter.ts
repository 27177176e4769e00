import { fnv1a } from '../../algorithms/hash/fnv1a.ts'
import { keyBytes } from '../../algorithms/hash/key-bytes.ts'
import { xxhash64 } from '../../algorithms/hash/xxhash64.ts'
import { UsageError } from '../../kit/errors.ts'
import type { Random } from '../../kit/random.ts'
import { keyCells, type RecentKeysSize, recentKeys } from './recent-keys.ts'
import { shardLock } from './shard-lock.ts'

/** The shared memory of one rate limiter. Sent to workers as it is. */
export interface RateLimiterMemory extends RecentKeysSize {
  /** The random seed of the key hash, so that clients cannot choose keys that collide. */
  readonly seed: readonly [number, number]
  readonly cells: SharedArrayBuffer
  /** For each slot its tokens, and the time, in seconds, at which they were counted. */
  readonly buckets: SharedArrayBuffer
}

/** A rate limiter, for one worker. */
export interface RateLimiter {
  /**
   * Takes one token from the bucket of `key`, if it has one. A bucket is full at first, holds at most `burst`
   * tokens (1 or more), and gains `rate` tokens per second. `now` is in seconds of the shared clock; if
   * it steps back nothing is added. Allocates nothing.
   */
  tryTake(key: string, rate: number, burst: number, now: number): boolean
  /** Seconds until the bucket of the last rejected key has a token again. */
  retryAfter(): number
}

/**
 * Memory for `keys` keys in `shards` shards (a power of two): 40 to 44 bytes per key, 2.6 MB with the defaults.
 *
 * @throws UsageError that names the invalid field
 */
export function rateLimiterMemory({
  shards = 64,
  keys = 65_536,
  random,
}: {
  readonly shards?: number
  readonly keys?: number
  readonly random: Random
}): RateLimiterMemory {
  if (!Number.isInteger(Math.log2(shards)) || shards < 1 || shards > 65_536) {
    throw new UsageError(
      `rateLimit.shards must be a power of two from 1 to 65536, not ${shards}`,
      'use some tens of shards per worker: with fewer, workers wait for each other',
    )
  }
  if (!Number.isInteger(keys) || keys < shards || keys > 2 ** 24) {
    throw new UsageError(
      `rateLimit.clients must be an integer from ${shards} (one per shard) to ${2 ** 24}, not ${keys}`,
      'set it to the number of clients to track; beyond it the least recently seen are forgotten',
    )
  }
  const size = { shards, slots: Math.ceil(keys / shards) }
  const word = () => Math.floor(random() * 2 ** 32) | 0
  return {
    ...size,
    seed: [word(), word()],
    cells: new SharedArrayBuffer(keyCells(size) * Int32Array.BYTES_PER_ELEMENT),
    buckets: new SharedArrayBuffer(size.shards * size.slots * 2 * Float64Array.BYTES_PER_ELEMENT),
  }
}

/** Seconds to wait that are reported when the lock of a shard cannot be acquired. */
const lockedOutWait = 1

/**
 * A token bucket per key, in memory that all workers share. Only the xxHash64 of a key is stored, so that
 * long keys cost no more; two keys share a bucket once in 2⁶⁴ pairs. The shard of a key is the FNV-1a of
 * its bytes, folded to fewer bits as in RFC 9923. Each shard has a lock: workers wait for each other only
 * in the same shard. A full shard forgets its least recently used key; if that key returns, its bucket is
 * full.
 *
 * `worker` is the number of the calling worker, from 0, unique at any time. A worker that replaces another
 * has its number, and releases the locks that it held; the keys of such a shard are forgotten. Until then
 * requests for that shard are rejected, the first after 250 ms and the others at once: no other shard
 * waits, and no client exceeds its limit.
 */
export function rateLimiter(memory: RateLimiterMemory, worker: number): RateLimiter {
  const { shards, seed } = memory
  const cells = new Int32Array(memory.cells)
  const buckets = new Float64Array(memory.buckets)
  const lock = shardLock(cells, worker, shards)
  const keys = recentKeys(cells, memory)
  const bytes = keyBytes()
  const hash = xxhash64(...seed)
  // A typed cell: a variable with a fraction would be allocated on the heap at every change.
  const wait = new Float64Array(1)
  lock.takeOver(keys.clear)

  return {
    tryTake(key, rate, burst, now) {
      bytes.read(key)
      hash.hash(bytes.bytes, bytes.length)
      const folded = fnv1a(bytes.bytes, bytes.length)
      const shard = (folded ^ (folded >>> 16)) & (shards - 1)
      if (!lock.acquire(shard)) {
        wait[0] = lockedOutWait
        return false
      }
      const slot = keys.use(shard, hash.high, hash.low)
      const tokens = slot < 0 ? 2 * ~slot : 2 * slot
      // Inline, not in a function: a fraction that is passed as an argument may be put on the heap.
      if (slot < 0) {
        buckets[tokens] = burst
        buckets[tokens + 1] = now
      }
      const since = buckets[tokens + 1] as number
      const added = now > since ? (now - since) * rate : 0
      const have = Math.min(burst, (buckets[tokens] as number) + added)
      const taken = have >= 1
      buckets[tokens] = taken ? have - 1 : have
      if (now > since) buckets[tokens + 1] = now
      lock.release(shard)
      if (!taken) wait[0] = (1 - have) / rate
      return taken
    },

    retryAfter: () => wait[0] as number,
  }
}
