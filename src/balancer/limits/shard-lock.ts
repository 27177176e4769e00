/** The locks of all shards, as one worker sees them. Allocates nothing. */
export interface ShardLock {
  /** Whether the lock is ours now. False after a quarter of a second under one holder, who may be dead. */
  acquire(shard: number): boolean
  release(shard: number): void
  /** Releases what an earlier worker of the same number left held; `repair` runs before. */
  takeOver(repair: (shard: number) => void): void
}

/** How far the locks stand apart: a cache line, so that two shards do not slow each other down. */
export const lockStride = 16

/** Looks at a lock before sleeping: a shard is held for a fraction of a µs. */
const looks = 100
/** Sleeps of 1 ms each under one and the same hold. */
const patience = 250

/**
 * One lock a shard in `cells[shard * lockStride]`, for worker number `worker`: 0 while it is free,
 * otherwise twice the holder's number + 1, plus 1 where somebody sleeps until it is released.
 *
 * A worker can be terminated in the middle of a hold. Nobody else can tell a dead holder from one
 * that was only kept off its CPU, and to take the lock from the latter would let two write at once. So
 * nobody does: a waiter gives up after 250 ms, sleeps no more under that hold, and the lock is taken
 * over by whoever was told that the worker is gone.
 *
 * Three states and the sleep: Drepper, "Futexes Are Tricky", 2011.
 */
export function shardLock(cells: Int32Array, worker: number, shards: number): ShardLock {
  const mine = (worker + 1) << 1
  /** The hold, per shard, under which this worker waited in vain. */
  const vain = new Int32Array(shards)

  function look(at: number): boolean {
    for (let left = looks; left > 0; left--) {
      if (Atomics.load(cells, at) === 0 && Atomics.compareExchange(cells, at, 0, mine) === 0) {
        return true
      }
    }
    return false
  }

  function sleep(shard: number, at: number): boolean {
    for (let sleeps = 0; sleeps < patience; ) {
      // Taken with the mark of a sleeper: there may be others, and the release must wake them.
      const seen = Atomics.compareExchange(cells, at, 0, mine | 1)
      if (seen === 0) return true
      const marked = seen | 1
      if (marked === vain[shard]) return false
      if (seen !== marked && Atomics.compareExchange(cells, at, seen, marked) !== seen) continue
      sleeps = Atomics.wait(cells, at, marked, 1) === 'timed-out' ? sleeps + 1 : 0
    }
    vain[shard] = Atomics.load(cells, at) | 1
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
        Atomics.compareExchange(cells, at, 0, mine) === 0 || look(at) || sleep(shard, at)
      if (taken) vain[shard] = 0
      return taken
    },

    release,

    takeOver(repair) {
      for (let shard = 0; shard < shards; shard++) {
        const at = shard * lockStride
        for (;;) {
          const seen = Atomics.load(cells, at)
          if ((seen & ~1) !== mine) break
          // Marked, so that all who sleep are woken, one after the other. It fails if one just fell asleep.
          if (Atomics.compareExchange(cells, at, seen, mine | 1) !== seen) continue
          repair(shard)
          release(shard)
          break
        }
      }
    },
  }
}
