import { lockStride } from './shard-lock.ts'

/** The keys of all shards, each in a slot; where a shard is full, its least recently used key goes. */
export interface RecentKeys {
  /**
   * The slot of a key, which is now the most recent of its shard; or the complement (`~slot`) of the
   * slot that it was given because it had none. Allocates nothing.
   */
  use(shard: number, high: number, low: number): number
  /** Forgets all keys of a shard, in whatever state it is. */
  clear(shard: number): void
}

/** How many shards there are, and how many keys each has room for. */
export interface Extent {
  readonly shards: number
  readonly slots: number
}

// What a shard keeps behind its lock: the slots that are taken, and both ends of the order of use.
const taken = 1
const newest = 2
const oldest = 3

// What a slot holds: the hash of its key, its neighbours in the order of use, the next in its bucket.
const keyHigh = 0
const keyLow = 1
const newer = 2
const older = 3
const chained = 4
const slotStride = 5

/** A bucket for each slot, in a power of two. */
function bucketsFor(slots: number): number {
  return 2 ** Math.ceil(Math.log2(slots))
}

/** How many 32-bit cells it all takes, locks included. */
export function keyCells({ shards, slots }: Extent): number {
  return shards * (lockStride + bucketsFor(slots) + slots * slotStride)
}

/**
 * The keys in `cells`, which start as zeros. A hash table with chains, and a list in order of use,
 * both by slot number + 1, so that 0 is none. Every call needs the lock of its shard.
 */
export function recentKeys(cells: Int32Array, { shards, slots }: Extent): RecentKeys {
  const buckets = bucketsFor(slots)
  const heads = shards * lockStride
  const bodies = heads + shards * buckets

  /** Where the cells of a slot start. */
  const bodyOf = (link: number) => bodies + (link - 1) * slotStride
  /** Where the head of the bucket is that keys with this hash are in. */
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

  function takeOut(shard: number, link: number): void {
    const before = cells[bodyOf(link) + newer] as number
    const behind = cells[bodyOf(link) + older] as number
    cells[before === 0 ? shard * lockStride + newest : bodyOf(before) + older] = behind
    cells[behind === 0 ? shard * lockStride + oldest : bodyOf(behind) + newer] = before
  }

  function putFirst(shard: number, link: number): void {
    const line = shard * lockStride
    const second = cells[line + newest] as number
    cells[bodyOf(link) + newer] = 0
    cells[bodyOf(link) + older] = second
    cells[second === 0 ? line + oldest : bodyOf(second) + newer] = link
    cells[line + newest] = link
  }

  /** Takes a slot out of its bucket. */
  function unchain(shard: number, link: number): void {
    let at = headOf(shard, cells[bodyOf(link) + keyLow] as number)
    while (cells[at] !== link) at = bodyOf(cells[at] as number) + chained
    cells[at] = cells[bodyOf(link) + chained] as number
  }

  /** A slot that nobody has: a new one, or that of the least recently used key. */
  function vacate(shard: number): number {
    const line = shard * lockStride
    const count = cells[line + taken] as number
    if (count < slots) {
      cells[line + taken] = count + 1
      return shard * slots + count + 1
    }
    const link = cells[line + oldest] as number
    takeOut(shard, link)
    unchain(shard, link)
    return link
  }

  return {
    use(shard, high, low) {
      const head = headOf(shard, low)
      const known = find(head, high, low)
      if (known !== 0) {
        if (cells[shard * lockStride + newest] !== known) {
          takeOut(shard, known)
          putFirst(shard, known)
        }
        return known - 1
      }
      const link = vacate(shard)
      const body = bodyOf(link)
      cells[body + keyHigh] = high
      cells[body + keyLow] = low
      cells[body + chained] = cells[head] as number
      cells[head] = link
      putFirst(shard, link)
      return ~(link - 1)
    },

    clear(shard) {
      cells.fill(0, heads + shard * buckets, heads + (shard + 1) * buckets)
      cells.fill(0, shard * lockStride + taken, shard * lockStride + oldest + 1)
    },
  }
}
