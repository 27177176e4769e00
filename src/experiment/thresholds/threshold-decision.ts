import type { LoadThreshold } from '../../plan/thresholds/load-threshold.ts'
import type { ThresholdOutcome } from '../../result/schemas/threshold-outcome.ts'
import { normalQuantile } from '../../stats/distributions/normal.ts'
import { percentileWithFailures } from '../../stats/estimates/percentiles.ts'
import { clopperPearson } from '../../stats/estimates/proportion.ts'
import { quantileRanks } from '../../stats/estimates/quantile-interval.ts'
import type { Histogram } from '../../stats/histogram/histogram.ts'
import { proportionSequence } from '../../stats/sequential/proportion-sequence.ts'
import { quantileSequence } from '../../stats/sequential/quantile-sequence.ts'
import type { Tally } from './threshold-tally.ts'

/** The part of an outcome that a decision makes. */
export type Decision = Omit<ThresholdOutcome, 'threshold' | 'unit' | 'limit'>

/** Coverage of the intervals. */
const confidence = 0.95

/** Whether the interval is looked at while it grows: then it must be valid at any time. */
export interface DecisionOptions {
  readonly whileRunning: boolean
}

/** Nothing was measured. */
export const nothing: Decision = { outcome: 'inconclusive', why: 'nothing-measured', n: 0 }

/** By a value without an interval. */
export function exactDecision(threshold: LoadThreshold, value: number, n: number): Decision {
  return { outcome: holds(threshold, value) ? 'pass' : 'fail', why: 'exact', value, n }
}

/** Whether a value is on the side of the limit that the threshold demands. */
export function holds({ comparison, limit }: LoadThreshold, value: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    default:
      return value >= limit
  }
}

/**
 * A fraction of failed requests or of passed checks, with the exact interval of Clopper and Pearson; while the run goes on
 * with one that is valid at any time.
 */
export function fractionDecision(
  threshold: LoadThreshold,
  { bad, total }: Tally,
  { whileRunning }: DecisionOptions,
): Decision {
  if (total === 0) return nothing
  const count = threshold.quantity.kind === 'checks' ? total - bad : bad
  // A limit of nothing or of all is a statement about each request, and has no interval.
  if (threshold.limit === 0 || threshold.limit === 1) {
    return exactDecision(threshold, count / total, total)
  }
  const interval = whileRunning
    ? proportionSequence(count, total, confidence)
    : clopperPearson(count, total, confidence)
  return byInterval(threshold, { value: count / total, ...interval, n: total })
}

/**
 * A percentile, with the interval between two order statistics of all requests; failed ones are slower than every response, so
 * a bound among them is none.
 */
export function percentileDecision(
  threshold: LoadThreshold,
  {
    times,
    failed,
    percent,
  }: { readonly times: Histogram; readonly failed: number; readonly percent: number },
  { whileRunning }: DecisionOptions,
): Decision {
  const n = times.count + failed
  if (n === 0) return nothing
  const { lower, upper } = (whileRunning ? quantileSequence : quantileRanks)(
    n,
    percent / 100,
    confidence,
  )
  const [value, low, high] = [
    finite(percentileWithFailures(times, percent, failed)),
    lower === undefined ? 0 : at(times, lower),
    upper === undefined ? undefined : at(times, upper),
  ]
  const isLowAmongFailures = low === undefined
  const found = {
    ...{ n, confidence },
    ...(value !== undefined && { value }),
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
  }
  if (isLowAmongFailures || !holds(threshold, low))
    return { outcome: 'fail', why: 'interval', ...found }
  if (high !== undefined && holds(threshold, high))
    return { outcome: 'pass', why: 'interval', ...found }
  const why = upper === undefined ? 'too-few-requests' : 'around-limit'
  return { outcome: 'inconclusive', why, ...found }
}

/** The order statistic of a rank in seconds; undefined where it lies among the failed requests. */
function at(times: Histogram, rank: number): number | undefined {
  if (rank > times.count) return undefined
  return times.percentile(((rank - 0.5) / times.count) * 100) / 1e6
}

function finite(micros: number): number | undefined {
  return Number.isFinite(micros) ? micros / 1e6 : undefined
}

/** The mean of the responses, with a normal interval: there are many. */
export function meanDecision(threshold: LoadThreshold, times: Histogram): Decision {
  const n = times.count
  if (n === 0) return nothing
  const half = (normalQuantile((1 + confidence) / 2) * times.standardDeviation) / Math.sqrt(n)
  const [low, high] = [Math.max(0, times.mean - half) / 1e6, (times.mean + half) / 1e6]
  return byInterval(threshold, { value: times.mean / 1e6, low, high, n })
}

/** By an interval that lies on one side of the limit. */
export function byInterval(
  threshold: LoadThreshold,
  found: {
    readonly value: number
    readonly low: number
    readonly high: number
    readonly n: number
  },
): Decision {
  const sides = [holds(threshold, found.low), holds(threshold, found.high)]
  const isDecided = sides[0] === sides[1]
  return {
    outcome: !isDecided ? 'inconclusive' : sides[0] ? 'pass' : 'fail',
    why: isDecided ? 'interval' : 'around-limit',
    ...{ ...found, confidence },
  }
}
