import type { LoadThreshold } from '../../plan/thresholds/load-threshold.ts'
import type { ThresholdOutcome } from '../../result/schemas/threshold-outcome.ts'
import type { Histogram } from '../../stats/histogram/histogram.ts'
import {
  type Decision,
  type DecisionOptions,
  exactDecision,
  fractionDecision,
  meanDecision,
  nothing,
  percentileDecision,
} from './threshold-decision.ts'

/** All that was measured of the subject of a threshold. */
interface Totals {
  readonly bad: number
  readonly total: number
  readonly failed: number
  readonly times: Histogram | undefined
  readonly seconds: number
}

/** By all that was measured, without windows. */
export function totalDecision(
  threshold: LoadThreshold,
  { bad, total, failed, times, seconds }: Totals,
  options: DecisionOptions,
): Decision {
  const { quantity } = threshold
  switch (quantity.kind) {
    case 'percentile':
      if (times === undefined) return nothing
      return percentileDecision(threshold, { times, failed, percent: quantity.percent }, options)
    case 'errors':
    case 'checks':
      return fractionDecision(threshold, { bad, total }, options)
    case 'rate':
      return seconds === 0 ? nothing : exactDecision(threshold, total / seconds, total)
    case 'requests':
      return exactDecision(threshold, total, total)
    case 'max':
      if (total === 0) return nothing
      if (failed > 0) return { outcome: 'fail', why: 'exact', n: total }
      return exactDecision(threshold, (times?.max ?? 0) / 1e6, total)
    case 'min':
      return times?.count ? exactDecision(threshold, times.min / 1e6, times.count) : nothing
    case 'mean':
      return times ? meanDecision(threshold, times) : nothing
    default:
      return nothing
  }
}

/** The unit of the value of a threshold. */
export function unitOf({ quantity, overSeconds, metric }: LoadThreshold): ThresholdOutcome['unit'] {
  switch (quantity.kind) {
    case 'rate':
    case 'pace':
      return 'req/s'
    case 'errors':
    case 'checks':
    case 'passed':
      return 'fraction'
    case 'requests':
    case 'sum':
    case 'value':
      return 'count'
    default:
      if (metric !== undefined) return 'count'
      // Windows of a percentile are judged by the fraction that is beyond its limit.
      return overSeconds === undefined ? 's' : 'fraction'
  }
}
