import type { Arm, Phase, Plan } from '../../plan/plan.ts'
import type { Finding, Measurement } from '../../result/document.ts'
import { failedRequests, requestsOf } from '../../result/failed-requests.ts'
import { type MetricName, metrics } from '../../result/metrics.ts'
import type { Reason } from '../../result/reason.ts'
import { mayPrint, percentileSummary, requestsFor } from '../../stats/estimates/percentiles.ts'
import { type Summary, summarise } from '../../stats/estimates/summary.ts'
import { merge } from '../../stats/histogram/histogram.ts'
import { balanceOf } from './balance-of.ts'
import { added } from './control.ts'
import { faultFindings } from './fault-findings.ts'
import { metricsOf, percentiles } from './metrics-of.ts'

/** Findings of each arm in each phase, in the order of the plan: an estimate of every metric over its valid trials. */
export function analyse(plan: Plan, measured: readonly Measurement[], cpus: number): Finding[] {
  return plan.arms.flatMap((arm) =>
    plan.phases.flatMap((phase) => {
      const own = measured.filter(({ trial }) => trial.arm === arm.name && trial.phase === phase)
      return own.length === 0 ? [] : [findingOf(arm, phase, { plan, measured, own, cpus })]
    }),
  )
}

interface Material {
  readonly plan: Plan
  readonly measured: readonly Measurement[]
  readonly own: readonly Measurement[]
  readonly cpus: number
}

function findingOf(arm: Arm, phase: Phase, material: Material): Finding {
  const { own, cpus } = material
  const valid = own.filter(({ verdict }) => verdict.valid)
  // Without a valid trial the figures are still shown, and marked.
  const used = valid.length > 0 ? valid : own
  const bottleneck = mostFrequentOf(used.map(({ verdict }) => verdict.bottleneck))
  const typical = used.find(({ verdict }) => verdict.bottleneck === bottleneck) as Measurement
  const { metrics, notes } = estimates(used, material)
  const perBackend = sums(used.map(({ perBackend }) => perBackend))
  const balance = balanceOf(arm, perBackend, material.plan)
  const faults = faultFindings(material.plan, used)
  return {
    arm: arm.name,
    phase,
    // An oversubscribed arm stays one, also without a valid trial: it never counts as that many cores.
    validity: arm.cores > cpus ? 'oversubscribed' : valid.length === 0 ? 'invalid' : 'valid',
    isLowerBound: phase === 'capacity' && (bottleneck === 'driver' || bottleneck === 'backends'),
    metrics,
    latency: merge(used.map(({ latency }) => latency)).encode(),
    perBackend,
    ...(balance && { balance }),
    ...(faults && { faults }),
    bottleneck,
    reason: typical.verdict.reason,
    notes: [...notes, ...discarded(own)],
  }
}

/** Estimates of all metrics that these trials allow, and why there is none of the others. */
function estimates(used: readonly Measurement[], { plan, measured }: Material) {
  const perTrial = used.map(metricsOf)
  const notes: Reason[] = []
  const found: Finding['metrics'] = {}
  for (const name of Object.keys(metrics) as MetricName[]) {
    const values = perTrial.flatMap((one) => one[name] ?? [])
    if (name in percentiles) {
      const estimate = percentileOf(used, values, name as keyof typeof percentiles)
      if ('code' in estimate) notes.push(estimate)
      else found[name] = estimate
    } else if (values.length > 0) found[name] = summarise(values)
  }
  const isLatency = used[0]?.trial.phase === 'latency' && used[0].trial.arm !== plan.control
  for (const [name, values] of Object.entries(added(measured, used, plan.control))) {
    if (!isLatency || values.length === 0) continue
    const of = name === 'addedP50' ? 'latencyP50' : 'latencyP99'
    found[name as MetricName] = withinMeasured(summarise(values), found[of])
  }
  return { metrics: found, notes }
}

/**
 * A latency that was added, limited to the one that was measured: one block in which target and control were far apart
 * moves a mean of differences further than a percentile.
 */
function withinMeasured(
  difference: Summary,
  measured: Pick<Summary, 'center' | 'high'> | undefined,
): Summary {
  if (measured === undefined || difference.center <= measured.center) return difference
  return {
    ...difference,
    center: measured.center,
    low: Math.min(difference.low, measured.center),
    high: Math.max(measured.center, Math.min(difference.high, measured.high)),
  }
}

/** A percentile from all trials merged, in seconds; or why there is none. */
function percentileOf(
  used: readonly Measurement[],
  values: readonly number[],
  metric: keyof typeof percentiles,
): Summary | Reason {
  const percent = percentiles[metric]
  const failed = used.map(({ window }) => failedRequests(window))
  const samples = used.reduce((sum, { window }) => sum + requestsOf(window), 0)
  if (!mayPrint(percent, samples)) {
    return {
      code: 'too-few-requests',
      values: { metric, requests: samples, needed: requestsFor(percent) },
    }
  }
  const latencies = used.map(({ latency }) => latency)
  const merged = percentileSummary(latencies, percent, { failed })
  if (merged === undefined) {
    const failedTrials = used.length - values.length
    return { code: 'percentile-failed', values: { metric, failedTrials, trials: used.length } }
  }
  const { center, low, high, ...rest } = merged
  return { ...rest, center: center / 1e6, low: low / 1e6, high: high / 1e6 }
}

/** How many trials were discarded; their verdicts say why. */
function discarded(own: readonly Measurement[]): Reason[] {
  const invalid = own.filter(({ verdict }) => !verdict.valid).length
  if (invalid === 0) return []
  return [{ code: 'trials-discarded', values: { discarded: invalid, trials: own.length } }]
}

function mostFrequentOf<T>(values: readonly T[]): T {
  const count = (value: T) => values.filter((other) => other === value).length
  return values.reduce((mostFrequent, value) =>
    count(value) > count(mostFrequent) ? value : mostFrequent,
  )
}

function sums(lists: readonly (readonly number[])[]): number[] {
  return (lists[0] ?? []).map((_, i) => lists.reduce((sum, list) => sum + (list[i] ?? 0), 0))
}
