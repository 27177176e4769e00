import { median } from '../../stats/estimates/quantile.ts'
import type { SlowSpan } from './name-cause.ts'

/** Milliseconds of a bin of responses. */
const binMs = 100
/** Fraction of the usual number of responses below which a bin is a stall; and the number from which on one can be told. */
const [stallShare, minUsual] = [0.5, 10]
/** Standard deviations of a Poisson count by which a stall is below the usual number. */
const deviations = 3

/** Bins of responses: of 100 ms each, the first from `fromMs` on. */
export interface Bins {
  readonly counts: readonly number[]
  readonly fromMs: number
  /** The window: only bins within it count. */
  readonly openedMs: number
  readonly closedMs: number
}

/** Stalls of throughput: bins with less than half the usual number of responses, where chance does not explain it. */
export function stallsOf({ counts, fromMs, openedMs, closedMs }: Bins): SlowSpan[] {
  const bins = counts
    .map((responses, i) => ({ responses, fromMs: fromMs + i * binMs }))
    .filter((bin) => bin.fromMs >= openedMs && bin.fromMs + binMs <= closedMs)
  const usual = bins.length === 0 ? 0 : median(bins.map(({ responses }) => responses))
  if (usual < minUsual) return []
  return bins
    .filter(
      ({ responses }) =>
        responses < stallShare * usual && responses + deviations * Math.sqrt(usual) < usual,
    )
    .map((bin) => ({
      fromMs: bin.fromMs,
      untilMs: bin.fromMs + binMs,
      excessMs: binMs * (1 - bin.responses / usual),
    }))
}
