import type { Objective } from '../../plan/objective.ts'
import type { Measurement } from '../../result/document.ts'
import { percentileWithFailures } from '../../stats/estimates/percentiles.ts'
import { decode } from '../../stats/histogram/histogram.ts'
import type { TrialOutcome } from '../../stats/trial/capacity-search.ts'

/**
 * Whether a trial held all objectives. One that does not count says nothing of the target; but a target that
 * answered nothing at all has missed.
 */
export function outcomeOf(
  measurement: Measurement,
  objectives: readonly Objective[],
): TrialOutcome {
  if (!measurement.verdict.valid && measurement.window.ok > 0) return 'spoilt'
  return objectives.every((one) => holds(measurement, one)) ? 'held' : 'missed'
}

/** Requests that failed or were never sent count as slower than any, and as errors. */
function holds({ window, latency }: Measurement, one: Objective): boolean {
  const failed = window.errors + window.timeouts + window.dropped
  const all = failed + window.ok + window.non2xx
  if (all === 0) return false
  if (one.kind === 'errors') return (failed + window.non2xx) / all < one.share
  return percentileWithFailures(decode(latency), one.percent, failed) / 1e6 < one.seconds
}
