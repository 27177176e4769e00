import type { Measurement } from '../../src/result/document.ts'
import { failedRequests } from '../../src/result/failed-requests.ts'
import { merge } from '../../src/stats/histogram/histogram.ts'
import type { TrialFigures } from './run-view.ts'

/** Percentiles of the responses of a trial in seconds; undefined where there was none. */
export function trialTimes({ latency }: Pick<Measurement, 'latency'>) {
  const responses = merge([latency])
  const at = (percent: number) =>
    responses.count === 0 ? undefined : responses.percentile(percent) / 1e6
  return { p50: at(50), p95: at(95), p99: at(99) }
}

/** The figures of a trial that is over, for the view of its run. */
export function trialFigures(measurement: Measurement): TrialFigures {
  const { trial, verdict, window, windowSeconds } = measurement
  const { p50, p99 } = trialTimes(measurement)
  const failed = failedRequests(window)
  return {
    arm: trial.arm,
    phase: trial.phase,
    isValid: verdict.valid,
    rate: window.ok / windowSeconds,
    p50,
    p99,
    failed: failed / Math.max(1, window.ok + failed),
  }
}
