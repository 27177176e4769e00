import type { SharedCells } from '../algorithm.ts'
import { acquire, release } from './sequence-lock.ts'

/** How an average follows its samples. */
interface Following {
  /** Time constant, in seconds, with which an average falls towards 0 while no answer comes. */
  readonly decay: number
  /** The least that a new sample weighs, however soon it comes after the last one. */
  readonly least: number
  /** Whether a sample above the average replaces it. */
  readonly peak: boolean
}

/**
 * What each backend's answers took of late; all workers read and write the same.
 *
 * Plain data and functions of the module, where the rest of this room has closures: V8 does not inline
 * the closures of a second picker, and each latency that they return is then a number on the heap.
 */
export interface LatencyAverages extends Following {
  /** A lock for each row. */
  readonly locks: Int32Array
  /** For each row its average in seconds, 0 without an answer, and the time of its last answer. */
  readonly cells: Float64Array
}

/** An answer faster than the clock can tell is still an answer: 0 means that there was none. */
const shortest = 1e-6

/** Reads of an average that is being written before it is taken as it stands: off for this once. */
const looks = 100

/** Shared cells that the averages of `rows` rows take. */
export function averageCells(rows: number): { readonly ints: number; readonly floats: number } {
  return { ints: rows, floats: 2 * rows }
}

/**
 * Averages in `shared`, each the moving average of an unevenly spaced series: what is left of the old
 * one after Δt is exp(−Δt/decay) of it, and the sample fills it up.
 */
export function latencyAverages(shared: SharedCells, following: Following): LatencyAverages {
  return { ...following, locks: shared.ints, cells: shared.floats }
}

/**
 * The average of `row` in seconds, decayed for the time since its last answer; 0 where it never
 * answered. Reading changes nothing (as in linkerd; Finagle folds a 0 into it at each look).
 */
export function latencyOf(averages: LatencyAverages, row: number, now: number): number {
  const { locks, cells } = averages
  for (let look = 1; ; look++) {
    const before = Atomics.load(locks, row)
    const average = cells[2 * row] as number
    const at = cells[2 * row + 1] as number
    // Odd while it is written, another number after: average and time then may not belong together.
    const consistent = (before & 1) === 0 && Atomics.load(locks, row) === before
    if (consistent || look === looks) return average * kept(averages, now - at)
  }
}

/** Takes in that `row` answered after `seconds`. */
export function takeIn(
  averages: LatencyAverages,
  row: number,
  { seconds, now }: { readonly seconds: number; readonly now: number },
): void {
  const { locks, cells, least, peak } = averages
  const sample = Math.max(seconds, shortest)
  const ticket = acquire(locks, row)
  const average = cells[2 * row] as number
  const at = cells[2 * row + 1] as number
  const old = (1 - least) * kept(averages, now - at)
  const fresh = average === 0 || (peak && sample > average)
  cells[2 * row] = fresh ? sample : average * old + sample * (1 - old)
  // Workers' answers may come in out of order: the newest tells how old the average is.
  cells[2 * row + 1] = average === 0 ? now : Math.max(at, now)
  release(locks, row, ticket)
}

/** The part of an average that is left after `since` seconds. */
function kept({ decay }: LatencyAverages, since: number): number {
  return Math.exp(-Math.max(0, since) / decay)
}
