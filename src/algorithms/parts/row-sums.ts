/** An integer for each row, and the running sums over the rows. */
export interface RowSums {
  set(row: number, value: number): void
  readonly total: number
  /** The first row at which the running sum is above `point`, which is below `total`. */
  rowAt(point: number): number
}

/**
 * Sums for `rows` rows, all 0 at the start; O(log n) to set and to find.
 *
 * Fenwick, "A New Data Structure for Cumulative Frequency Tables", Software: Practice and Experience 24(3), 1994.
 */
export function rowSums(rows: number): RowSums {
  const values = new Float64Array(rows)
  // Entry i has the sum of the last i & −i rows up to row i − 1.
  const tree = new Float64Array(rows + 1)
  const widest = rows === 0 ? 0 : 1 << (31 - Math.clz32(rows))
  let total = 0

  return {
    set(row, value) {
      const change = value - (values[row] as number)
      if (change === 0) return
      values[row] = value
      total += change
      for (let i = row + 1; i <= rows; i += i & -i) tree[i] = (tree[i] as number) + change
    },
    get total() {
      return total
    },
    rowAt(point) {
      let row = 0
      let rest = point
      for (let step = widest; step > 0; step >>= 1) {
        const next = row + step
        if (next > rows || (tree[next] as number) > rest) continue
        row = next
        rest -= tree[next] as number
      }
      return row
    },
  }
}
