import { excessTest } from '../../stats/sequential/excess-test.ts'
import type { Tally } from '../thresholds/threshold-tally.ts'
import { binMs } from './threshold-windows.ts'

/** Decides whether a threshold ends the run. */
export interface EarlyStop {
  add(atMs: number, counts: Tally): void
  /** When it was decided that the threshold fails, in ms from the begin of the load; undefined where it was not. */
  readonly decidedAtMs: number | undefined
}

/** Probability that a run that would pass is ended, over all of its thresholds. */
const falseAborts = 0.01

/** A part of the run in which nothing is decided, since the first requests are often slower than all others. */
const [startShare, maxStartMs] = [0.1, 10_000]

/** Blocks into which the time of a threshold is divided, and the bounds of their length in ms. */
const [wantedBlocks, minBlockMs, maxBlockMs] = [60, 2 * binMs, 60_000]

/** The time of a threshold, and how many thresholds may end the run. */
interface EarlyStopOptions {
  /** The fraction of requests or checks that may count against it. */
  readonly allowed: number
  readonly fromMs: number
  readonly toMs: number
  /** Thresholds that may end the run, among which the probability of a false alarm is divided. */
  readonly among: number
}

/**
 * Adds up blocks of a sixtieth of the time, and tests their fractions at any time: src/stats/sequential/excess-test.ts. A
 * limit of nothing at all is decided by the first request beyond it.
 */
export function earlyStop({ allowed, fromMs, toMs, among }: EarlyStopOptions): EarlyStop {
  if (allowed <= 0) return atFirst()
  const test = excessTest(Math.min(allowed, 1), falseAborts / among)
  const length = toMs - fromMs
  const bins = Math.round(length / binMs / wantedBlocks)
  const blockMs = Math.min(maxBlockMs, Math.max(minBlockMs, bins * binMs))
  const startMs = fromMs + Math.min(maxStartMs, startShare * length)
  let block = { index: 0, bad: 0, total: 0 }
  const sum = { bad: 0, total: 0 }
  let decidedAtMs: number | undefined

  return {
    add(atMs, { bad, total }) {
      sum.bad += bad
      sum.total += total
      // The bin that ends at a multiple of the block belongs to the block before.
      const index = Math.max(0, Math.ceil((atMs - fromMs - binMs / 2) / blockMs) - 1)
      if (index > block.index) {
        if (block.total > 0) test.add(block.bad / block.total)
        block = { index, bad: 0, total: 0 }
      }
      block.bad += bad
      block.total += total
      const isBeyond = sum.bad > allowed * sum.total
      if (test.isDecided && isBeyond && atMs >= startMs) decidedAtMs ??= atMs
    },
    get decidedAtMs() {
      return decidedAtMs
    },
  }
}

/** Decided by the first request that counts against it. */
function atFirst(): EarlyStop {
  let decidedAtMs: number | undefined
  return {
    add(atMs, { bad }) {
      if (bad > 0) decidedAtMs ??= atMs
    },
    get decidedAtMs() {
      return decidedAtMs
    },
  }
}
