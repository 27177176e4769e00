import { lockStride } from './shard-lock.ts'

/** The keys of all shards, each in a slot: a hash table that evicts the least recently used key of a full shard. */
export interface RecentKeys {
  /**
   * Makes a key the most recent of its shard, and returns its slot; or the complement (`~slot`) of a new
   * slot if the key had none. Allocates nothing.
   */
  use(shard: number, high: number, low: number): number
  /** Removes all keys of a shard, even if it is inconsistent. */
  clear(shard: number): void
}

/** The number of shards, and of the slots in each. */
export interface RecentKeysSize {
  readonly shards: number
  readonly slots: number
}

// Cells of a shard after its lock: the number of used slots, and both ends of the list in order of use.
const used = 1
const newest = 2
const oldest = 3

// Cells of a slot: the hash of its key, its neighbours in order of use, the next slot in its bucket.
const keyHigh = 0
const keyLow = 1
const newer = 2
const older = 3
const chained = 4
const slotStride = 5

/** The number of buckets: that of the slots, rounded up to a power of two. */
function bucketsFor(slots: number): number {
  return 2 ** Math.ceil(Math.log2(slots))
}

/** The number of 32-bit cells for keys of this size, locks included. */
export function keyCells({ shards, slots }: RecentKeysSize): number {
  return shards * (lockStride + bucketsFor(slots) + slots * slotStride)
}

/**
 * The keys in `cells`, which are zero at first. A hash table with chaining, and a doubly linked list in order
 * of use. Both link slots by number + 1, so that 0 is none. Callers must hold the lock of the shard.
 */
export function recentKeys(cells: Int32Array, { shards, slots }: RecentKeysSize): RecentKeys {
  const buckets = bucketsFor(slots)
  const heads = shards * lockStride
  const bodies = heads + shards * buckets

  /** The offset of a slot's cells. */
  const bodyOf = (link: number) => bodies + (link - 1) * slotStride
  /** The offset of the head of a hash's bucket. */
  const headOf = (shard: number, low: number) => heads + shard * buckets + (low & (buckets - 1))

  function find(head: number, high: number, low: number): number {
    let link = cells[head] as number
    while (link !== 0) {
      const body = bodyOf(link)
      if (cells[body + keyHigh] === high && cells[body + keyLow] === low) return link
      link = cells[body + chained] as number
    }
    return 0
  }

  function unlink(shard: number, link: number): void {
    const previous = cells[bodyOf(link) + newer] as number
    const next = cells[bodyOf(link) + older] as number
    cells[previous === 0 ? shard * lockStride + newest : bodyOf(previous) + older] = next
    cells[next === 0 ? shard * lockStride + oldest : bodyOf(next) + newer] = previous
  }

  function linkFirst(shard: number, link: number): void {
    const line = shard * lockStride
    const second = cells[line + newest] as number
    cells[bodyOf(link) + newer] = 0
    cells[bodyOf(link) + older] = second
    cells[second === 0 ? line + oldest : bodyOf(second) + newer] = link
    cells[line + newest] = link
  }

  /** Removes a slot from its bucket. */
  function unchain(shard: number, link: number): void {
    let at = headOf(shard, cells[bodyOf(link) + keyLow] as number)
    while (cells[at] !== link) at = bodyOf(cells[at] as number) + chained
    cells[at] = cells[bodyOf(link) + chained] as number
  }

  /** A free slot: an unused one, or that of the least recently used key. */
  function freeSlot(shard: number): number {
    const line = shard * lockStride
    const count = cells[line + used] as number
    if (count < slots) {
      cells[line + used] = count + 1
      return shard * slots + count + 1
    }
    const link = cells[line + oldest] as number
    unlink(shard, link)
    unchain(shard, link)
    return link
  }

  return {
    use(shard, high, low) {
      const head = headOf(shard, low)
      const found = find(head, high, low)
      if (found !== 0) {
        if (cells[shard * lockStride + newest] !== found) {
          unlink(shard, found)
          linkFirst(shard, found)
        }
        return found - 1
      }
      const link = freeSlot(shard)
      const body = bodyOf(link)
      cells[body + keyHigh] = high
      cells[body + keyLow] = low
      cells[body + chained] = cells[head] as number
      cells[head] = link
      linkFirst(shard, link)
      return ~(link - 1)
    },

    clear(shard) {
      cells.fill(0, heads + shard * buckets, heads + (shard + 1) * buckets)
      cells.fill(0, shard * lockStride + used, shard * lockStride + oldest + 1)
    },
  }
}
