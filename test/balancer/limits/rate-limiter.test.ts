import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rateLimiter, rateLimiterMemory } from '../../../src/balancer/limits/rate-limiter.ts'
import { shardLock } from '../../../src/balancer/limits/shard-lock.ts'
import { seeded } from '../../../src/kit/random.ts'

function limiterOf(size: { shards?: number; keys?: number } = {}) {
  const memory = rateLimiterMemory({ ...size, random: seeded(1) })
  return { memory, limiter: rateLimiter(memory, 0) }
}

test('a bucket is full at first, and refills at its rate', () => {
  const { limiter } = limiterOf()
  const at = (now: number) => limiter.tryTake('a', 2, 3, now)
  expect([0, 0, 0, 0].map(at)).toEqual([true, true, true, false])
  expect([0.25, 0.5, 0.5].map(at)).toEqual([false, true, false])
  expect([100, 100, 100, 100].map(at)).toEqual([true, true, true, false])
})

test('retryAfter is the time until the next token', () => {
  const { limiter } = limiterOf()
  limiter.tryTake('a', 2, 1, 10)
  limiter.tryTake('a', 2, 1, 10.125)
  expect(limiter.retryAfter()).toBe(0.375)
  limiter.tryTake('a', 0, 1, 11)
  expect(limiter.tryTake('a', 2, 1, 10.5)).toBe(false)
})

test('every key has its own bucket, the empty key too', () => {
  const { limiter } = limiterOf()
  const taken = ['', 'a', 'b', 'é', 'a'.repeat(5000), 'a'.repeat(5001)].map((key) => [
    limiter.tryTake(key, 1, 1, 0),
    limiter.tryTake(key, 1, 1, 0),
  ])
  expect(taken.flat()).toEqual(taken.flatMap(() => [true, false]))
})

test('a clock that steps back neither adds nor removes tokens', () => {
  const { limiter } = limiterOf()
  expect(limiter.tryTake('a', 1, 2, 100)).toBe(true)
  expect(limiter.tryTake('a', 1, 2, 50)).toBe(true)
  expect(limiter.tryTake('a', 1, 2, 100)).toBe(false)
  expect(limiter.tryTake('a', 1, 2, 101)).toBe(true)
})

/** Arrivals: the seconds since the one before, and the key. */
const arrivals = fc.array(
  fc.tuple(fc.double({ min: 0, max: 3, noNaN: true }), fc.constantFrom('a', 'b')),
  { maxLength: 60 },
)

test('in no interval more tokens are taken than burst + rate × time', () => {
  const rates = fc.double({ min: 0.01, max: 100, noNaN: true })
  fc.assert(
    fc.property(
      rates,
      fc.double({ min: 1, max: 20, noNaN: true }),
      arrivals,
      (rate, burst, came) => {
        const { limiter } = limiterOf()
        const taken: Record<string, number[]> = { a: [], b: [] }
        let now = 1000
        for (const [pause, key] of came) {
          now += pause
          if (limiter.tryTake(key, rate, burst, now)) taken[key]?.push(now)
        }
        for (const times of Object.values(taken)) {
          times.forEach((from, first) => {
            times.forEach((to, last) => {
              // The sum of 60 roundings of a number up to 100 × 180 is far below a millionth.
              const max = burst + rate * (to - from) + 1e-6
              if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(max)
            })
          })
        }
      },
    ),
  )
})

test('gives exactly the tokens of a model with exact arithmetic', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 9 }),
      arrivals,
      (rate, burst, came) => {
        const { limiter } = limiterOf()
        const model: Record<string, { tokens: number; since: number } | undefined> = {}
        let now = 0
        for (const [pause, key] of came) {
          // Sixty-fourths of a second and whole rates: nothing is rounded on either side.
          now += Math.round(pause * 64) / 64
          const bucket = model[key] ?? { tokens: burst, since: now }
          bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.since) * rate)
          bucket.since = now
          const due = bucket.tokens >= 1
          if (due) bucket.tokens--
          model[key] = bucket
          expect(limiter.tryTake(key, rate, burst, now)).toBe(due)
          if (!due) expect(limiter.retryAfter()).toBe((1 - bucket.tokens) / rate)
        }
      },
    ),
  )
})

test('a full shard forgets the least recently used key', () => {
  const { limiter } = limiterOf({ shards: 1, keys: 3 })
  const empty = (key: string) => !limiter.tryTake(key, 0, 1, 0)
  expect(['a', 'b', 'c', 'a', 'd'].map(empty)).toEqual([false, false, false, true, false])
  // d evicted b, since a was used after it. Then b returns with a full bucket, and evicts c.
  expect(['d', 'a', 'b', 'c'].map(empty)).toEqual([true, true, false, false])
})

test.for([1, 64])(
  'two concurrent workers take every token exactly once, in %i shards',
  async (shards) => {
    const memory = rateLimiterMemory({ shards, random: seeded(1) })
    const gate = new SharedArrayBuffer(4)
    new Int32Array(gate)[0] = 2
    const keys = 50
    const workers = [0, 1].map(
      (worker) =>
        new Worker(new URL('./taker.ts', import.meta.url), {
          workerData: { memory, worker, gate, keys, tries: 60_000 },
        }),
    )
    const taken = await Promise.all(
      workers.map(async (worker) => (await once(worker, 'message'))[0]),
    )
    // 1,000 tokens a key and none added; each worker alone tries 1,200 times a key.
    expect(taken[0] + taken[1]).toBe(keys * 1000)
  },
)

test('a worker that dies with a lock blocks only that shard, until it is replaced', async () => {
  const { memory, limiter } = limiterOf({ shards: 64, keys: 64_000 })
  const dead = new Worker(new URL('./holder.ts', import.meta.url), {
    workerData: { cells: memory.cells, shards: 64, held: [7] },
  })
  await once(dead, 'message')
  await dead.terminate()
  const clients = Array.from({ length: 6400 }, (_, client) => `10.0.${client >> 8}.${client & 255}`)
  const refused = clients.filter((key) => !limiter.tryTake(key, 1, 2, 0))
  // A 64th of 6,400 is 100, binomial: five standard deviations are 50.
  expect(Math.abs(refused.length - 100)).toBeLessThan(50)
  expect(limiter.retryAfter()).toBeGreaterThan(0)
  rateLimiter(memory, 1)
  expect(refused.map((key) => limiter.tryTake(key, 1, 2, 0))).toEqual(refused.map(() => true))
  const others = clients.filter((key) => !refused.includes(key))
  expect(others.map((key) => limiter.tryTake(key, 1, 2, 0))).toEqual(others.map(() => true))
  expect(clients.map((key) => limiter.tryTake(key, 1, 2, 0)).filter(Boolean)).toHaveLength(
    refused.length,
  )
})

test('a waiter that timed out acquires the lock after the holder releases it', async () => {
  const cells = new SharedArrayBuffer(64)
  const lock = shardLock(new Int32Array(cells), 0, 1)
  expect(lock.acquire(0)).toBe(true)
  const other = shardLock(new Int32Array(cells), 1, 1)
  expect(other.acquire(0)).toBe(false)
  lock.release(0)
  expect(other.acquire(0)).toBe(true)
  other.release(0)
  expect(lock.acquire(0)).toBe(true)
})

test.for([
  [{ shards: 12 }, 'rateLimit.shards must be a power of two from 1 to 65536, not 12'],
  [{ shards: 0 }, 'rateLimit.shards must be a power of two from 1 to 65536, not 0'],
  [{ shards: -4 }, 'rateLimit.shards must be a power of two from 1 to 65536, not -4'],
  [
    { keys: 10 },
    'rateLimit.clients must be an integer from 64 (one per shard) to 16777216, not 10',
  ],
  [{ keys: 100.5 }, 'rateLimit.clients must be'],
] as const)('rejects %o', ([size, message]) => {
  expect(() => limiterOf(size)).toThrow(message)
})
