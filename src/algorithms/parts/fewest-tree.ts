/** A count for some rows, and which of them has the fewest. */
export interface FewestTree {
  set(row: number, count: number): void
  leave(row: number): void
  /** The first row with the lowest count at `start` or behind it, wrapping around; −1 if no row has a count. */
  firstFrom(start: number): number
}

/** The count of a row that is not in the tree. */
const none = 0x7fffffff

/** A tournament over `rows` rows: each node has the lower count of the two below it. O(log n) to set and to find. */
export function fewestTree(rows: number): FewestTree {
  const leaves = 1 << (32 - Math.clz32(rows - 1))
  const nodes = new Int32Array(2 * leaves).fill(none)

  function set(row: number, count: number): void {
    let node = leaves + row
    nodes[node] = count
    while (node > 1) {
      const lower = Math.min(nodes[node] as number, nodes[node ^ 1] as number)
      node >>= 1
      if (nodes[node] === lower) return
      nodes[node] = lower
    }
  }

  /** The first row with the count of `top` below it. */
  function firstBelow(top: number): number {
    const count = nodes[top]
    let node = top
    while (node < leaves) node = nodes[2 * node] === count ? 2 * node : 2 * node + 1
    return node - leaves
  }

  return {
    set,
    leave: (row) => set(row, none),
    firstFrom(start) {
      const fewest = nodes[1] as number
      if (fewest === none) return -1
      let node = leaves + start
      if (nodes[node] === fewest) return start
      // Up, and down again at the first right neighbour that has it.
      for (; node > 1; node >>= 1) {
        if ((node & 1) === 0 && nodes[node + 1] === fewest) return firstBelow(node + 1)
      }
      return firstBelow(1)
    },
  }
}
