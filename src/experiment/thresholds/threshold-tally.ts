import type { LoadThreshold } from '../../plan/thresholds/load-threshold.ts'
import type { LoadSample, SampleCounts } from '../../result/load-sample.ts'
import { countBelow } from '../../stats/histogram/count-below.ts'
import type { Histogram } from '../../stats/histogram/histogram.ts'

/** Requests or checks that count against a threshold, of so many. */
export interface Tally {
  readonly bad: number
  readonly total: number
}

/** Failed requests of all kinds. */
export function failedOf({ failed }: Pick<SampleCounts, 'failed'>): number {
  return Object.values(failed).reduce((sum, one) => sum + one, 0)
}

/** The counts of a sample that a threshold is about: all, or those of its step; undefined where the step has none. */
export function countsFor({ step }: LoadThreshold, sample: LoadSample): SampleCounts | undefined {
  return step === undefined ? sample : sample.steps[step]
}

/**
 * The fraction that may count against a threshold; undefined where it is not about a fraction of requests or checks. A
 * percentile is one: at most 1 % of the requests may be as slow as the limit of p99.
 */
export function allowedFraction({ quantity, limit, metric }: LoadThreshold): number | undefined {
  if (metric !== undefined) return undefined
  switch (quantity.kind) {
    case 'percentile':
      return (100 - quantity.percent) / 100
    case 'max':
      return 0
    case 'errors':
      return limit
    case 'checks':
      return 1 - limit
    default:
      return undefined
  }
}

/** What counts against a threshold in some counts, whose times are `times`; failed requests are slower than every limit. */
export function tally(
  { quantity, comparison, limit }: LoadThreshold,
  counts: SampleCounts,
  times: Histogram | undefined,
): Tally {
  const failed = failedOf(counts)
  const { passed, failed: failedChecks } = counts.checks
  if (quantity.kind === 'checks') return { bad: failedChecks, total: passed + failedChecks }
  const total = counts.ok + failed
  if (quantity.kind === 'errors' || times === undefined) return { bad: failed, total }
  const micros = limit * 1e6
  const slow = times.count - countBelow(times, comparison === '<' ? micros : micros + 0.5)
  return { bad: failed + slow, total }
}

/** Whether the histogram of the responses is needed. */
export function needsTimes({ quantity, metric }: LoadThreshold): boolean {
  return metric === undefined && ['percentile', 'mean', 'min', 'max'].includes(quantity.kind)
}
