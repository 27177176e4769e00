import FlatQueue from 'flatqueue'
import type { BackendTable, Choice } from '../algorithm.ts'
import type { RowIndex } from './indexed-picker.ts'
import { type LatencyAverages, latencyOf } from './latency-averages.ts'
import { latencyStep, nextLowerStep } from './least-time-score.ts'
import { turnGroups } from './turn-groups.ts'

/** An index of rows by leastTimeScore ÷ weight. */
export interface LeastTimeIndex extends RowIndex {
  /** The average of a row has changed. */
  sampled(row: number): void
}

/** Seconds that a row is looked at before its average falls to the next step, so that no rounding makes it late. */
const early = 1e-9

/**
 * Scores change with requests in flight, with each response, and with time, since averages decay: but only in steps of 20 ms, so
 * that the time of the next change is known. Rows that changed, or whose time has come, are placed again at the next pick.
 */
export function leastTimeIndex(
  { size, weight, inFlight }: BackendTable,
  averages: LatencyAverages,
): LeastTimeIndex {
  const groups = turnGroups(weight)
  const isIn = new Uint8Array(size)
  /** Rows to place at the next pick, each once. */
  const changed: number[] = []
  const isChanged = new Uint8Array(size)
  const falls = new FlatQueue<number>()
  /** The first time at which a row is in `falls`. */
  const fallsAt = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  /** The step of each average, and until when it has that step without a response: most rows change by their requests only. */
  const steps = new Int32Array(size)
  const stepsUntil = new Float64Array(size).fill(Number.NEGATIVE_INFINITY)

  function change(row: number): void {
    if (isChanged[row] === 1 || isIn[row] === 0) return
    isChanged[row] = 1
    changed.push(row)
  }

  /** The average of a row is another one, or it may be in another step and needs a new time in `falls`. */
  function sampled(row: number): void {
    stepsUntil[row] = Number.NEGATIVE_INFINITY
    change(row)
  }

  function place(row: number, now: number): void {
    if (now >= (stepsUntil[row] as number)) findStep(row, now)
    const score = (steps[row] as number) * (1 + (inFlight[row] as number))
    groups.put(row, score / (weight[row] as number))
  }

  function findStep(row: number, now: number): void {
    const seconds = latencyOf(averages, row, now)
    const lower = nextLowerStep(seconds)
    steps[row] = latencyStep(seconds)
    stepsUntil[row] = Number.POSITIVE_INFINITY
    if (lower === 0) return
    // ln(x) ≥ 1 − 1/x: most rows fall later than at a time that they are in `falls` with, which takes no logarithm.
    const soonest = now + (1 - lower / seconds) * averages.decay * (1 - 2 * early) - 2 * early
    stepsUntil[row] = soonest
    if (soonest >= (fallsAt[row] as number)) return
    const left = Math.log(seconds / lower) * averages.decay
    const at = now + Math.max(0, left * (1 - early) - early)
    if (at >= (fallsAt[row] as number)) return
    fallsAt[row] = at
    falls.push(row, at)
  }

  function takeFallen(now: number): void {
    for (;;) {
      const at = falls.peekValue()
      if (at === undefined || at > now) return
      const row = falls.pop() as number
      if (fallsAt[row] === at) fallsAt[row] = Number.POSITIVE_INFINITY
      sampled(row)
    }
  }

  return {
    put(row) {
      isIn[row] = 1
      change(row)
    },
    leave(row) {
      isIn[row] = 0
      groups.leave(row)
    },
    sampled,
    find({ now }: Choice) {
      takeFallen(now)
      for (const row of changed) {
        isChanged[row] = 0
        if (isIn[row] === 1) place(row, now)
      }
      changed.length = 0
      return groups.next()
    },
  }
}
