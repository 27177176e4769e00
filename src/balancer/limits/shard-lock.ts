/** The locks of all shards, for one worker. Allocates nothing. */
export interface ShardLock {
  /** Acquires the lock. False if one holder kept it for 250 ms: that worker may have exited. */
  acquire(shard: number): boolean
  release(shard: number): void
  /** Releases the locks that an earlier worker of the same number held, after `repair` of each shard. */
  takeOver(repair: (shard: number) => void): void
}

/** Distance of two locks in cells: a cache line, so that there is no false sharing. */
export const lockStride = 16

/** Attempts before a waiter sleeps: a lock is held for a fraction of a µs. */
const maxSpins = 100
/** Sleeps, of 1 ms each, during one hold before a waiter gives up. */
const maxSleeps = 250

/**
 * One lock per shard in `cells[shard * lockStride]`, for worker number `worker`: 0 while it is free,
 * otherwise twice (the holder's number + 1), plus 1 while a waiter sleeps.
 *
 * A worker can be terminated while it holds a lock. A waiter cannot distinguish that from a holder that was
 * preempted, and taking the lock from the latter would let two threads write at the same time. So a
 * waiter gives up after 250 ms and does not sleep again during that hold; the lock is released by the
 * worker that replaces the terminated one.
 *
 * The three states and the wake-up: Drepper, "Futexes Are Tricky", 2011.
 */
export function shardLock(cells: Int32Array, worker: number, shards: number): ShardLock {
  const mine = (worker + 1) << 1
  /** By shard: the value of the lock during the hold that this worker's wait timed out on. */
  const timedOut = new Int32Array(shards)

  function spin(at: number): boolean {
    for (let left = maxSpins; left > 0; left--) {
      if (Atomics.load(cells, at) === 0 && Atomics.compareExchange(cells, at, 0, mine) === 0) {
        return true
      }
    }
    return false
  }

  function sleep(shard: number, at: number): boolean {
    for (let sleeps = 0; sleeps < maxSleeps; ) {
      // Acquired with the sleeper bit set: there may be other sleepers, which the release must wake.
      const seen = Atomics.compareExchange(cells, at, 0, mine | 1)
      if (seen === 0) return true
      const marked = seen | 1
      if (marked === timedOut[shard]) return false
      if (seen !== marked && Atomics.compareExchange(cells, at, seen, marked) !== seen) continue
      sleeps = Atomics.wait(cells, at, marked, 1) === 'timed-out' ? sleeps + 1 : 0
    }
    timedOut[shard] = Atomics.load(cells, at) | 1
    return false
  }

  function release(shard: number): void {
    const at = shard * lockStride
    if ((Atomics.exchange(cells, at, 0) & 1) === 1) Atomics.notify(cells, at, 1)
  }

  return {
    acquire(shard) {
      const at = shard * lockStride
      const taken =
        Atomics.compareExchange(cells, at, 0, mine) === 0 || spin(at) || sleep(shard, at)
      if (taken) timedOut[shard] = 0
      return taken
    },

    release,

    takeOver(repair) {
      for (let shard = 0; shard < shards; shard++) {
        const at = shard * lockStride
        for (;;) {
          const seen = Atomics.load(cells, at)
          if ((seen & ~1) !== mine) break
          // With the sleeper bit, so that all sleepers are woken in turn. Fails if one just fell asleep.
          if (Atomics.compareExchange(cells, at, seen, mine | 1) !== seen) continue
          repair(shard)
          release(shard)
          break
        }
      }
    },
  }
}
