import { binomialUpTo } from '../../stats/distributions/binomial.ts'
import type { Tally } from '../thresholds/threshold-tally.ts'

/** A window of a threshold, in ms from the begin of the load. */
interface Window extends Tally {
  readonly fromMs: number
  readonly toMs: number
}

/** The sliding windows of one threshold. */
export interface Windows {
  /** Adds counts to the bin that ends at `atMs`; bins come in their order, a few late counts aside. */
  add(atMs: number, counts: Tally): void
  /** Closes the last bin: nothing comes any more. */
  close(): void
  /** The worst window so far; undefined before the first is complete. */
  readonly worst: Window | undefined
  /** End of the first window that is beyond the limit by more than chance, in ms; undefined where none is. */
  readonly failedAtMs: number | undefined
  /** Whether the worst window is beyond the limit. */
  readonly isBeyond: boolean
}

/** Milliseconds of a bin: one sample. */
export const binMs = 100

/** Probability that any window of a run is beyond its limit by chance and reported as failed. */
const falseAlarms = 0.05

/** How the windows of a threshold are judged. */
interface WindowRules {
  readonly seconds: number
  /** How much worse a window is than others: above 0 where it is beyond the limit. */
  excess(window: Window): number
  /** The fraction that may count against it; undefined where what was observed is compared exactly. */
  readonly allowed: number | undefined
  /** Windows of the whole run, for the correction of their number. */
  readonly planned: number
}

/**
 * Slides a window over bins of 100 ms, and keeps the worst. A window fails where the number of requests beyond the limit has a
 * binomial probability below 5 % divided by the planned number of windows (Bonferroni), so that a run in which each
 * request keeps to the limit in probability fails in at most 1 of 20 times, however many windows it has.
 */
export function slidingWindows({ seconds, excess, allowed, planned }: WindowRules): Windows {
  const width = Math.max(1, Math.round((seconds * 1e3) / binMs))
  const level = falseAlarms / Math.max(1, planned)
  let bins: { readonly bin: number; readonly bad: number; readonly total: number }[] = []
  let first: number | undefined
  let worst: { readonly window: Window; readonly by: number } | undefined
  let failedAtMs: number | undefined

  const judge = (last: number) => {
    bins = bins.filter(({ bin }) => bin > last - width)
    if (first === undefined || last - first + 1 < width) return
    const sum = (of: (one: Tally) => number) => bins.reduce((all, one) => all + of(one), 0)
    const window = {
      ...{ bad: sum(({ bad }) => bad), total: sum(({ total }) => total) },
      ...{ fromMs: (last - width) * binMs, toMs: last * binMs },
    }
    const by = excess(window)
    if (worst === undefined || by > worst.by) worst = { window, by }
    if (by > 0 && (allowed === undefined || chance(window, allowed) <= level)) {
      failedAtMs ??= window.toMs
    }
  }

  return {
    add(atMs, { bad, total }) {
      const bin = Math.max(1, Math.round(atMs / binMs))
      const last = bins.at(-1)
      if (last !== undefined && bin > last.bin) {
        // Bins without a sample are empty; after a gap as long as a window nothing is left of the earlier ones.
        for (let at = last.bin; at < Math.min(bin, last.bin + width); at++) judge(at)
        if (bin - last.bin > width) [bins, first] = [[], undefined]
      }
      first ??= bin
      // Counts that come late belong to a window that is over: they enter the next one.
      bins.push({ bin: Math.max(bin, last?.bin ?? bin), bad, total })
    },
    close() {
      const last = bins.at(-1)
      if (last !== undefined) judge(last.bin)
    },
    get worst() {
      return worst?.window
    },
    get failedAtMs() {
      return failedAtMs
    },
    get isBeyond() {
      return worst !== undefined && worst.by > 0
    },
  }
}

/** P(as many beyond the limit, or more), where each is with the probability `allowed`. */
function chance({ bad, total }: Tally, allowed: number): number {
  if (allowed <= 0) return bad > 0 ? 0 : 1
  return 1 - binomialUpTo(bad - 1, total, allowed)
}
