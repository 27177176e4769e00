/** A quantile of the whole numbers seen last. Allocates nothing. */
export interface RecentQuantile {
  add(value: number): void
  /** The quantile of what was added last; 0 before anything was. */
  read(): number
}

/** How many values are remembered. */
const memory = 128

/** Values from here up are counted as one: no backend is asked to hold so many requests at once. */
const top = 1023

/**
 * Follows the `quantile` (0 … 1) of the last 128 values: a ring of them, and how often each value is
 * in it. Reading walks up the counts, so it costs as many steps as the answer is high.
 */
export function recentQuantile(quantile: number): RecentQuantile {
  const ring = new Int32Array(memory)
  const counts = new Int32Array(top + 1)
  let added = 0

  return {
    add(value) {
      const place = added % memory
      const forgotten = ring[place] as number
      if (added >= memory) counts[forgotten] = (counts[forgotten] as number) - 1
      const capped = Math.min(value, top)
      ring[place] = capped
      counts[capped] = (counts[capped] as number) + 1
      // Stays small, and from the first full ring on at least `memory`.
      added = added + 1 === 2 * memory ? memory : added + 1
    },

    read() {
      const rank = Math.floor(quantile * (Math.min(added, memory) - 1))
      let below = 0
      for (let value = 0; value <= top; value++) {
        below += counts[value] as number
        if (below > rank) return value
      }
      return 0
    },
  }
}
