import type { Histogram } from '../stats/histogram/histogram.ts'
import type { Measurement } from './document.ts'

/**
 * Requests of the window that are not in the histogram of its latencies: they failed, were answered with another status
 * than 2xx, or were never sent. Each counts as slower than any that is in it.
 */
export function failedRequests(
  { window }: Pick<Measurement, 'window'>,
  latency: Histogram,
): number {
  return requestsOf(window) - latency.count
}

/** All requests of a window. */
export function requestsOf({
  ok,
  non2xx,
  errors,
  timeouts,
  dropped,
}: Measurement['window']): number {
  return ok + non2xx + errors + timeouts + dropped
}
