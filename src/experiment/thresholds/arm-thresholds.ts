import { visitSteps } from '../../plan/load/compared-visits.ts'
import type { Plan } from '../../plan/plan.ts'
import { readThreshold } from '../../plan/thresholds/compared-thresholds.ts'
import type { LoadThreshold } from '../../plan/thresholds/load-threshold.ts'
import type { Measurement } from '../../result/document.ts'
import { failedRequests } from '../../result/failed-requests.ts'
import type { SampleCounts } from '../../result/load-sample.ts'
import type { ArmThreshold } from '../../result/schemas/visits.ts'
import { decode, merge } from '../../stats/histogram/histogram.ts'
import { needsTimes, tally } from './threshold-tally.ts'
import { totalDecision, unitOf } from './total-decision.ts'

/** The outcome of each threshold of a plan for each arm but the control, by all its valid trials of the latency phase. */
export function armThresholds(plan: Plan, measured: readonly Measurement[]): ArmThreshold[] {
  const { arms, control, thresholds = [], visits, request } = plan
  const steps = visits === undefined ? [`${request.method} ${request.path}`] : visitSteps(visits)
  const read = thresholds.map((text) => readThreshold(text, steps))
  return arms
    .filter(({ name }) => name !== control)
    .flatMap(({ name: arm }) => {
      const own = measured.filter(
        ({ trial, verdict }) => trial.arm === arm && trial.phase === 'latency' && verdict.valid,
      )
      return read.map((threshold) => ({ arm, ...outcomeOf(threshold, own) }))
    })
}

function outcomeOf(
  threshold: LoadThreshold,
  trials: readonly Measurement[],
): Omit<ArmThreshold, 'arm'> {
  const about = { threshold: threshold.text, unit: unitOf(threshold), limit: threshold.limit }
  if (trials.length === 0) return { ...about, outcome: 'invalid', why: 'no-valid-trial', n: 0 }
  const counts = merged(trials.map((one) => countsOf(one, threshold.step)))
  const times = needsTimes(threshold) && counts.latency !== '' ? decode(counts.latency) : undefined
  const seconds = trials.reduce((sum, { windowSeconds }) => sum + windowSeconds, 0)
  const { bad, total } = tally(threshold, counts, times)
  const arrived = threshold.quantity.kind === 'rate' ? arrivals(trials, threshold) : total
  const failed = failedIn(counts)
  return {
    ...about,
    ...totalDecision(
      threshold,
      { bad, total: arrived, failed, times, seconds },
      { whileRunning: false },
    ),
  }
}

/** Visits that began, or requests: what the rate of a threshold is of. */
function arrivals(trials: readonly Measurement[], { step }: LoadThreshold): number {
  return trials.reduce((sum, one) => {
    if (step === undefined && one.visits !== undefined) return sum + one.visits.began
    const { ok, failed } = countsOf(one, step)
    return sum + ok + Object.values(failed).reduce((all, times) => all + times, 0)
  }, 0)
}

/** The requests of a trial, or of one of its steps. */
function countsOf(
  { visits, window, latency }: Measurement,
  step: string | undefined,
): SampleCounts {
  const steps = Object.values(visits?.steps ?? {})
  const own = step === undefined ? undefined : visits?.steps[step]
  const all = own === undefined ? steps : [own]
  const checks = all.flatMap((one) => Object.values(one.checks))
  const sum = (name: 'passed' | 'failed') => checks.reduce((total, one) => total + one[name], 0)
  const counted = { checks: { passed: sum('passed'), failed: sum('failed') } }
  if (own !== undefined) {
    return { ...counted, ok: own.ok, failed: own.failed, latency: own.latency }
  }
  // A step of visits that no request was sent of.
  if (step !== undefined && visits !== undefined) {
    return { ok: 0, failed: {}, checks: { passed: 0, failed: 0 }, latency: '' }
  }
  return { ...counted, ok: window.ok, failed: { all: failedRequests(window) }, latency }
}

function merged(all: readonly SampleCounts[]): SampleCounts {
  const sum = (of: (one: SampleCounts) => number) => all.reduce((total, one) => total + of(one), 0)
  const timed = all.map(({ latency }) => latency).filter((latency) => latency !== '')
  return {
    ok: sum(({ ok }) => ok),
    failed: { all: sum(failedIn) },
    checks: {
      passed: sum(({ checks }) => checks.passed),
      failed: sum(({ checks }) => checks.failed),
    },
    latency: timed.length === 0 ? '' : merge(timed).encode(),
  }
}

function failedIn({ failed }: SampleCounts): number {
  return Object.values(failed).reduce((sum, times) => sum + times, 0)
}
