import type { Objective } from '../../plan/objective.ts'
import type { Measurement } from '../../result/document.ts'
import { percentileWithFailures } from '../../stats/estimates/percentiles.ts'
import { decode } from '../../stats/histogram/histogram.ts'
import type { TrialOutcome } from '../../stats/trial/capacity-search.ts'

/**
 * Whether a trial met all objectives. An invalid trial is no evidence about the target, except where the target
 * gave no response at all: that is a miss.
 */
export function outcomeOf(
  measurement: Measurement,
  objectives: readonly Objective[],
): TrialOutcome {
  if (!measurement.verdict.valid && measurement.window.ok > 0) return 'invalid'
  return objectives.every((one) => isMet(measurement, one)) ? 'met' : 'missed'
}

/** Requests that failed or were never sent count as errors, and as slower than every response. */
function isMet({ window, latency }: Measurement, one: Objective): boolean {
  const failed = window.errors + window.timeouts + window.dropped
  const all = failed + window.ok + window.non2xx
  if (all === 0) return false
  if (one.kind === 'errors') return (failed + window.non2xx) / all < one.share
  return percentileWithFailures(decode(latency), one.percent, failed) / 1e6 < one.seconds
}
