import type { Arm, Phase, Plan } from '../../plan/plan.ts'
import type { Finding, Measurement } from '../../result/document.ts'
import { failedRequests, requestsOf } from '../../result/failed-requests.ts'
import { type MetricName, metrics } from '../../result/metrics.ts'
import type { Reason } from '../../result/reason.ts'
import { mayPrint, percentileSummary, requestsFor } from '../../stats/estimates/percentiles.ts'
import { type Summary, summarise } from '../../stats/estimates/summary.ts'
import { decode, type Histogram, sumOf } from '../../stats/histogram/histogram.ts'
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
  const responses = responsesOf(used)
  const { metrics, notes } = estimates(responses, material)
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
    latency: responses.merged.encode(),
    perBackend,
    ...(balance && { balance }),
    ...(faults && { faults }),
    bottleneck,
    reason: typical.verdict.reason,
    notes: [...notes, ...discarded(own)],
  }
}

/** Trials with their times, each read once. */
interface Responses {
  readonly used: readonly Measurement[]
  readonly perTrial: readonly Histogram[]
  readonly merged: Histogram
}

function responsesOf(used: readonly Measurement[]): Responses {
  const perTrial = used.map(({ latency }) => decode(latency))
  return { used, perTrial, merged: sumOf(perTrial) }
}

/** Estimates of all metrics that these trials allow, and why there is none of the others. */
function estimates(responses: Responses, { plan, measured }: Material) {
  const { used } = responses
  const perTrial = used.map(metricsOf)
  const notes: Reason[] = []
  const found: Finding['metrics'] = {}
  for (const name of Object.keys(metrics) as MetricName[]) {
    const values = perTrial.flatMap((one) => one[name] ?? [])
    if (name in percentiles) {
      const estimate = percentileOf(responses, values, name as keyof typeof percentiles)
      if ('code' in estimate) notes.push(estimate)
      else found[name] = estimate
    } else if (name === 'latencyMax') {
      const slowest = slowestOf(values, used.length)
      if ('code' in slowest) notes.push(slowest)
      else found[name] = slowest
    } else if (values.length > 0) found[name] = summarise(values, { scale: scaleOf(name) })
  }
  return { metrics: { ...found, ...addedLatency(used, found, { plan, measured }) }, notes }
}

/** Fractions and differences may be 0, and have no ratio. */
const differences: readonly MetricName[] = ['errorShare', 'addedP50', 'addedP99']

function scaleOf(metric: MetricName): 'ratio' | 'difference' {
  return differences.includes(metric) ? 'difference' : 'ratio'
}

/** The latency that an arm adds to that of the control, at each percentile that both have. */
function addedLatency(
  used: readonly Measurement[],
  found: Finding['metrics'],
  { plan, measured }: Pick<Material, 'plan' | 'measured'>,
): Finding['metrics'] {
  const [first] = used
  if (first === undefined || first.trial.phase !== 'latency' || first.trial.arm === plan.control) {
    return {}
  }
  const bare = measured.filter(
    ({ trial, verdict }) =>
      trial.arm === plan.control && trial.phase === 'latency' && verdict.valid,
  )
  const inBlocks = added(measured, used, plan.control)
  const bareResponses = responsesOf(bare)
  const of = (metric: 'latencyP50' | 'latencyP99', values: readonly number[]) => {
    const own = found[metric]
    const control = percentileOf(bareResponses, [], metric)
    if (own === undefined || 'code' in control || values.length === 0) return undefined
    return difference({ own, control, inBlocks: summarise(values, { scale: 'difference' }) })
  }
  const [p50, p99] = [of('latencyP50', inBlocks.addedP50), of('latencyP99', inBlocks.addedP99)]
  return { ...(p50 && { addedP50: p50 }), ...(p99 && { addedP99: p99 }) }
}

/**
 * The percentile of an arm less that of the control, as both are shown; its interval is that of the differences in each
 * block, since drift of the host cancels in them.
 */
function difference({
  own,
  control,
  inBlocks,
}: {
  readonly own: Pick<Summary, 'center' | 'high' | 'estimator'>
  readonly control: Pick<Summary, 'center'>
  readonly inBlocks: Summary
}): Summary {
  const center = own.center - control.center
  return {
    ...inBlocks,
    center,
    estimator: own.estimator,
    low: Math.min(inBlocks.low, center),
    high: Math.max(center, Math.min(inBlocks.high, own.high)),
  }
}

/**
 * The slowest request of all trials: what was seen, and no estimate, so that a limit on it holds or not. None where a request
 * failed, since that counts as slower than any.
 */
function slowestOf(values: readonly number[], trials: number): Summary | Reason {
  if (values.length < trials) {
    const failedTrials = trials - values.length
    return { code: 'percentile-failed', values: { metric: 'latencyMax', failedTrials, trials } }
  }
  const center = Math.max(...values)
  return {
    ...{ center, low: center, high: center, estimator: 'merged histograms' },
    ...{ interval: 'range', confidence: 0, n: trials, warnings: [] },
  }
}

/** A percentile from all trials merged, in seconds; or why there is none. */
function percentileOf(
  { used, perTrial, merged }: Responses,
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
  const estimate = percentileSummary(perTrial, percent, { failed, merged })
  if (estimate === undefined) {
    const failedTrials = used.length - values.length
    return { code: 'percentile-failed', values: { metric, failedTrials, trials: used.length } }
  }
  const { center, low, high, ...rest } = estimate
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
