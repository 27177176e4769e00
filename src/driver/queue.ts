/** A first-in, first-out queue; both operations in constant time. */
export interface Queue<Value> {
  push(value: Value): void
  /** Removes the oldest value; undefined when empty. */
  shift(): Value | undefined
  readonly size: number
}

/** Removed values that are kept at the start of the array before it is cut; at least half of it is then removed. */
const maxRemoved = 1024

/**
 * An empty queue. `Array.shift` moves all other values, in linear time. A package (yocto-queue, denque) would replace
 * these twenty lines by a dependency, and allocates a node per value or a ring that has to grow.
 */
export function queue<Value>(): Queue<Value> {
  let values: Value[] = []
  let removed = 0
  return {
    push: (value) => void values.push(value),
    shift() {
      if (removed === values.length) return undefined
      const value = values[removed++]
      if (removed > maxRemoved && 2 * removed > values.length) {
        values = values.slice(removed)
        removed = 0
      }
      return value
    },
    get size() {
      return values.length - removed
    },
  }
}
