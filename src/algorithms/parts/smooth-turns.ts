import { sequenceLock } from './sequence-lock.ts'

/** Turns among rows, shared out as their weights and well mixed. */
export interface SmoothTurns {
  /** The row whose turn it is among the first `count` of `rows`, which are in table order. */
  next(rows: Int32Array, count: number): number
}

/** Shared ints that the turns among `rows` rows take. */
export function turnCells(rows: number): number {
  return 2 + rows
}

/**
 * Smooth weighted round robin: each turn gives every row in question credit worth its weight, takes
 * the one with the most (the earliest where equal) and lets it pay what all were given. Rows that
 * are not in question neither earn nor pay.
 *
 * All workers share the credits. A turn changes every row's, so it holds a lock: turns are exact over
 * all workers. Atomic adds without a lock cost seven times as much at 100 rows, and two workers at
 * once can then take the same row.
 */
export function smoothTurns(weight: Int32Array, cells: Int32Array): SmoothTurns {
  const lock = sequenceLock(cells, 0)
  const credits = cells.subarray(2, 2 + weight.length)

  // No credit grows beyond Σ weight while weights stand. Where they were lowered, an old credit or
  // debt would keep its row in or out for long: every 16th turn they are cut to what can still arise.
  function cut(): void {
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
    let paid = 0
    let best = -1
    let most = 0
    for (let i = 0; i < count; i++) {
      const row = rows[i] as number
      const earned = weight[row] as number
      const credit = (credits[row] as number) + earned
      credits[row] = credit
      paid += earned
      if (best === -1 || credit > most) {
        best = row
        most = credit
      }
    }
    credits[best] = most - paid
    return best
  }

  return {
    next(rows, count) {
      // A row alone earns what it pays.
      if (count <= 1) return count === 1 ? (rows[0] as number) : -1
      const ticket = lock.acquire()
      // Tickets are the odd numbers.
      if ((ticket & 31) === 1) cut()
      const row = turn(rows, count)
      lock.release(ticket)
      return row
    },
  }
}
