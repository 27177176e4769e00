import type { RatePoint } from '../../result/capacity.ts'
import type { Measurement } from '../../result/document.ts'
import { failedRequests } from '../../result/failed-requests.ts'
import { mayPrint, percentileWithFailures } from '../../stats/estimates/percentiles.ts'
import { merge } from '../../stats/histogram/histogram.ts'

/**
 * Percentiles and failures at one rate, over its valid trials, or over all if none is valid. Failed requests count as
 * slower than every response.
 */
export function pointOf(trials: readonly Measurement[]): Pick<RatePoint, 'p50' | 'p99' | 'failed'> {
  const valid = trials.filter(({ verdict }) => verdict.valid)
  const used = valid.length > 0 ? valid : trials
  const responses = merge(used.map(({ latency }) => latency))
  const failed = used.reduce((sum, { window }) => sum + failedRequests(window), 0)
  const requests = responses.count + failed
  const at = (percent: number) => {
    const value = percentileWithFailures(responses, percent, failed) / 1e6
    return mayPrint(percent, requests) && Number.isFinite(value) ? value : undefined
  }
  const [p50, p99] = [at(50), at(99)]
  return {
    ...(p50 !== undefined && { p50 }),
    ...(p99 !== undefined && { p99 }),
    failed: failed / Math.max(1, requests),
  }
}
