import type { Measurement } from './document.ts'

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

/**
 * Requests of a window without a 2xx response: they failed, had another status, or were never sent. None is in the
 * histogram of latencies; each counts as slower than any that is in it.
 */
export function failedRequests(window: Measurement['window']): number {
  return requestsOf(window) - window.ok
}
