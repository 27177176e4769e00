import type { SharedCells } from './algorithm.ts'
import { sequenceLock } from './sequence-lock.ts'

/** What each backend's answers took of late, in seconds; all workers read and write the same. */
export interface LatencyAverages {
  /** The average of `row`, decayed for the time since its last answer; 0 where it never answered. */
  read(row: number, now: number): number
  /** Takes in that `row` answered after `seconds`. */
  fold(row: number, seconds: number, now: number): void
}

/** How an average follows its samples. */
interface Following {
  /** Time constant, in seconds, with which an average falls towards 0 while no answer comes. */
  readonly decay: number
  /** The least that a new sample weighs, however soon it comes after the last one. */
  readonly least: number
  /** Whether a sample above the average replaces it. */
  readonly peak: boolean
}

/** Shared cells that the averages of `rows` rows take. */
export function averageCells(rows: number): { readonly ints: number; readonly floats: number } {
  return { ints: rows, floats: 2 * rows }
}

/** An answer faster than the clock can tell is still an answer: 0 means that there was none. */
const shortest = 1e-6

/** Reads of an average that is being written before it is taken as it stands: off for this once. */
const looks = 100

/**
 * Averages in `shared`, each the moving average of an unevenly spaced series: what is left of the old
 * one after Δt is exp(−Δt/decay) of it, and the sample fills it up. Reading changes nothing (as in
 * linkerd; Finagle folds a 0 into the average each time that it looks).
 */
export function latencyAverages(
  { ints, floats }: SharedCells,
  { decay, least, peak }: Following,
): LatencyAverages {
  const rows = floats.length / 2
  const locks = Array.from({ length: rows }, (_, row) => sequenceLock(ints, row))
  const kept = (since: number): number => Math.exp(-Math.max(0, since) / decay)

  return {
    read(row, now) {
      for (let look = 1; ; look++) {
        const before = Atomics.load(ints, row)
        const average = floats[2 * row] as number
        const at = floats[2 * row + 1] as number
        // Odd while it is written, another number after: average and time then may not belong together.
        const whole = (before & 1) === 0 && Atomics.load(ints, row) === before
        if (whole || look === looks) return average === 0 ? 0 : average * kept(now - at)
      }
    },

    fold(row, seconds, now) {
      const sample = Math.max(seconds, shortest)
      const lock = locks[row] as (typeof locks)[number]
      const ticket = lock.acquire()
      const average = floats[2 * row] as number
      const at = floats[2 * row + 1] as number
      const old = (1 - least) * kept(now - at)
      const fresh = average === 0 || (peak && sample > average)
      floats[2 * row] = fresh ? sample : average * old + sample * (1 - old)
      // Workers' answers may come in out of order: the newest tells how old the average is.
      floats[2 * row + 1] = average === 0 ? now : Math.max(at, now)
      lock.release(ticket)
    },
  }
}
