import type { LoadThreshold } from '../../plan/thresholds/load-threshold.ts'
import { clopperPearson } from '../../stats/estimates/proportion.ts'
import { decode } from '../../stats/histogram/histogram.ts'
import {
  byInterval,
  type Decision,
  exactDecision,
  nothing,
  percentileDecision,
} from '../thresholds/threshold-decision.ts'

/** The values of a metric of the user's own code over a run. A trend is a histogram of its values × 1,000. */
export interface CustomMetric {
  readonly kind: 'trend' | 'counter' | 'rate' | 'gauge'
  readonly count: number
  readonly sum: number
  readonly last: number
  readonly trend?: string | undefined
}

/** The decision on a metric of the user's own code over a run of so many seconds, in its own unit; nothing where it has no value. */
export function customDecision(
  threshold: LoadThreshold,
  metric: CustomMetric | undefined,
  seconds: number,
): Decision {
  const { quantity } = threshold
  if (metric === undefined || metric.count === 0) {
    const isCount = quantity.kind === 'sum' || quantity.kind === 'pace'
    return isCount ? exactDecision(threshold, 0, 0) : nothing
  }
  const { count, sum, last, trend } = metric
  switch (quantity.kind) {
    case 'sum':
      return exactDecision(threshold, sum, count)
    case 'pace':
      return seconds > 0 ? exactDecision(threshold, sum / seconds, count) : nothing
    case 'value':
      return exactDecision(threshold, last, count)
    case 'passed': {
      if (threshold.limit === 0 || threshold.limit === 1) {
        return exactDecision(threshold, sum / count, count)
      }
      return byInterval(threshold, { value: sum / count, ...clopperPearson(sum, count), n: count })
    }
    default:
      return trend === undefined ? nothing : trendDecision(threshold, trend)
  }
}

/** Seconds of a histogram's µs are values ÷ 1,000, so the limit is taken so, and the values back. */
function trendDecision(threshold: LoadThreshold, trend: string): Decision {
  const times = decode(trend)
  const { quantity } = threshold
  const scaled = { ...threshold, limit: threshold.limit / 1e3 }
  const n = times.count
  switch (quantity.kind) {
    case 'percentile': {
      const { percent } = quantity
      return inOwnUnit(
        percentileDecision(scaled, { times, failed: 0, percent }, { whileRunning: false }),
      )
    }
    case 'mean':
      return exactDecision(threshold, times.mean / 1e3, n)
    case 'min':
      return exactDecision(threshold, times.min / 1e3, n)
    case 'max':
      return exactDecision(threshold, times.max / 1e3, n)
    default:
      return nothing
  }
}

function inOwnUnit({ value, low, high, ...rest }: Decision): Decision {
  return {
    ...rest,
    ...(value !== undefined && { value: value * 1e3 }),
    ...(low !== undefined && { low: low * 1e3 }),
    ...(high !== undefined && { high: high * 1e3 }),
  }
}
