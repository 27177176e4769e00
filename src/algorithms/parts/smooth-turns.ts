import { sequenceLock } from './sequence-lock.ts'

/** Turns among rows, in proportion to their weights and evenly interleaved. */
export interface SmoothTurns {
  /** The next row among the first `count` of `rows`, which are in table order. */
  next(rows: Int32Array, count: number): number
}

/** Number of shared ints for the turns among `rows` rows. */
export function turnCells(rows: number): number {
  return 2 + rows
}

/**
 * Smooth weighted round robin: each turn adds its weight to the credit of every candidate row, picks the row with
 * the highest credit (the first of equals), and subtracts the sum of the added weights from it. The credits of
 * other rows do not change.
 *
 * All workers share the credits. A turn changes many of them, so it holds a lock: turns are exact over all
 * workers. Atomic additions without a lock cost seven times as much at 100 rows, and two workers could then pick
 * the same row.
 */
export function smoothTurns(weight: Int32Array, cells: Int32Array): SmoothTurns {
  const lock = sequenceLock(cells, 0)
  const credits = cells.subarray(2, 2 + weight.length)

  // With constant weights no credit exceeds Σ weight. After weights were lowered, an old credit would favour or
  // exclude its row for long: every 16th turn credits are clamped to the range that can still arise.
  function clampCredits(): void {
    let sum = 0
    for (let row = 0; row < weight.length; row++) sum += weight[row] as number
    if (sum < (cells[1] as number)) {
      for (let row = 0; row < weight.length; row++) {
        credits[row] = Math.max(-sum, Math.min(sum, credits[row] as number))
      }
    }
    cells[1] = sum
  }

  function turn(rows: Int32Array, count: number): number {
    let added = 0
    let best = -1
    let highest = 0
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number
      const share = weight[row] as number
      const credit = (credits[row] as number) + share
      credits[row] = credit
      added += share
      if (best === -1 || credit > highest) {
        best = row
        highest = credit
      }
    }
    credits[best] = highest - added
    return best
  }

  return {
    next(rows, count) {
      // For a single row the credit stays the same.
      if (count <= 1) return count === 1 ? (rows[0] as number) : -1
      const ticket = lock.acquire()
      // Tickets are odd: this is every 16th.
      if ((ticket & 31) === 1) clampCredits()
      const row = turn(rows, count)
      lock.release(ticket)
      return row
    },
  }
}
