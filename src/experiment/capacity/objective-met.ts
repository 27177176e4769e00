import type { Objective } from '../../plan/objective.ts'
import type { Measurement } from '../../result/document.ts'
import { failedRequests, requestsOf } from '../../result/failed-requests.ts'
import { percentileWithFailures } from '../../stats/estimates/percentiles.ts'
import { countBelow } from '../../stats/histogram/count-below.ts'
import { decode } from '../../stats/histogram/histogram.ts'
import type { TrialEvidence } from '../../stats/trial/capacity-estimate.ts'
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

/** Requests that failed or were never sent count as errors, and as slower than every response with a 2xx status. */
function isMet({ window, latency }: Measurement, one: Objective): boolean {
  const all = requestsOf(window)
  if (all === 0) return false
  if (one.kind === 'errors') return (all - window.ok) / all < one.share
  const failed = failedRequests(window)
  return percentileWithFailures(decode(latency), one.percent, failed) / 1e6 < one.seconds
}

/** The fraction of a trial's requests that may lie beyond the limit of an objective. */
export function allowedShare(one: Objective): number {
  return one.kind === 'errors' ? one.share : 1 - one.percent / 100
}

/** The fraction of a trial's requests beyond the limit of each objective; those that failed lie beyond each. */
export function evidenceOf(
  { window, latency }: Measurement,
  objectives: readonly Objective[],
): TrialEvidence {
  const failed = window.errors + window.timeouts + window.dropped
  const times = decode(latency)
  const requests = times.count + failed
  const shares = objectives.map((one) => {
    const beyond =
      one.kind === 'errors' ? window.non2xx : times.count - countBelow(times, one.seconds * 1e6)
    return requests === 0 ? 1 : (failed + beyond) / requests
  })
  return { requests, shares }
}
