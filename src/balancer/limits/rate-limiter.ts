import { fnv1a } from '../../algorithms/hash/fnv1a.ts'
import { keyBytes } from '../../algorithms/hash/key-bytes.ts'
import { xxhash64 } from '../../algorithms/hash/xxhash64.ts'
import { UsageError } from '../../kit/errors.ts'
import type { Random } from '../../kit/random.ts'
import { type Extent, keyCells, recentKeys } from './recent-keys.ts'
import { shardLock } from './shard-lock.ts'

/** The memory of one rate limiter. Goes to workers as it is. */
export interface RateLimiterMemory extends Extent {
  /** What the hashes of keys start from, so that nobody outside can make keys that collide. */
  readonly seed: readonly [number, number]
  readonly cells: SharedArrayBuffer
  /** For each slot its tokens, and the second at which they were counted. */
  readonly buckets: SharedArrayBuffer
}

/** A rate limiter as one worker sees it. */
export interface RateLimiter {
  /**
   * Takes one token from the bucket of `key`, if there is one. Buckets hold `burst` tokens at most (1 or
   * more), are full at first, and get `rate` tokens a second. `now` is in seconds on a clock that
   * is the same for all workers; where it steps back nothing is added. Allocates nothing itself.
   */
  tryTake(key: string, rate: number, burst: number, now: number): boolean
  /** Seconds until the bucket of the last key that was refused has a token again. */
  retryAfter(): number
}

/**
 * Memory for `keys` keys in `shards` shards, a power of two: 40 to 44 bytes a key, 2.6 MB with the defaults.
 *
 * @throws UsageError that names the field.
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
      `rateLimit.shards must be a power of two from 1 to 65536, and not ${shards}`,
      'Some tens of shards for each worker keep them out of each other’s way.',
    )
  }
  if (!Number.isInteger(keys) || keys < shards || keys > 2 ** 24) {
    throw new UsageError(
      `rateLimit.keys must be a whole number from ${shards} (one a shard) to ${2 ** 24}, and not ${keys}`,
      'It is how many clients are told apart; beyond it the least recently seen are forgotten.',
    )
  }
  const extent = { shards, slots: Math.ceil(keys / shards) }
  const word = () => Math.floor(random() * 2 ** 32) | 0
  return {
    ...extent,
    seed: [word(), word()],
    cells: new SharedArrayBuffer(keyCells(extent) * Int32Array.BYTES_PER_ELEMENT),
    buckets: new SharedArrayBuffer(
      extent.shards * extent.slots * 2 * Float64Array.BYTES_PER_ELEMENT,
    ),
  }
}

/** What is told to wait, in seconds, where a shard’s lock is out of reach. */
const unknown = 1

/**
 * A token bucket a key, in memory that all workers share. A key is known by its xxHash64 alone, so
 * that long ones cost no more, and two share a bucket once in 2⁶⁴ pairs. Its shard is chosen by FNV-1a
 * over its bytes, folded as RFC 9923 does for fewer bits, and each shard has a lock: workers wait for
 * each other only where they are at the same shard. A full shard forgets the key that it has not seen for
 * the longest; if that comes back, its bucket is full.
 *
 * `worker` numbers who calls: from 0, each number once at a time. A worker that is started in the
 * place of one that went takes its number, and frees what it held; the keys of that shard are forgotten.
 * Until then requests for that shard are refused, the first after 250 ms and the others at once: no shard
 * waits for another, and nobody gets more than the limit.
 */
export function rateLimiter(memory: RateLimiterMemory, worker: number): RateLimiter {
  const { shards, seed } = memory
  const cells = new Int32Array(memory.cells)
  const buckets = new Float64Array(memory.buckets)
  const lock = shardLock(cells, worker, shards)
  const known = recentKeys(cells, memory)
  const bytes = keyBytes()
  const hash = xxhash64(...seed)
  // A typed cell: a number kept in a variable would be allocated at every change.
  const wait = new Float64Array(1)
  lock.takeOver(known.clear)

  return {
    tryTake(key, rate, burst, now) {
      bytes.read(key)
      hash.hash(bytes.bytes, bytes.length)
      const folded = fnv1a(bytes.bytes, bytes.length)
      const shard = (folded ^ (folded >>> 16)) & (shards - 1)
      if (!lock.acquire(shard)) {
        wait[0] = unknown
        return false
      }
      const used = known.use(shard, hash.high, hash.low)
      const tokens = used < 0 ? 2 * ~used : 2 * used
      // Here and not in a function: a fraction that is handed on may be put on the heap.
      if (used < 0) {
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
