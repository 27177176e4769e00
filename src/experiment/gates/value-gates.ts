import type { Finding, Gate, ResultDocument } from '../../result/document.ts'
import { metrics } from '../../result/metrics.ts'
import type { Reason } from '../../result/reason.ts'
import { metricOf } from '../findings/metrics-of.ts'
import { phasesFor } from './compared-metrics.ts'
import type { GateRule } from './gate-rule.ts'

/** The gates of one rule on a value: one for each arm, in each phase that measures the metric. */
export function valueGates(document: ResultDocument, rule: GateRule, strict: boolean): Gate[] {
  const { metric, text } = rule
  const phases = phasesFor(metric, document.plan.phases)
  return document.findings
    .filter(({ arm, phase }) => arm !== document.plan.control && phases.includes(phase))
    .filter(({ validity }) => validity !== 'oversubscribed')
    .map((finding) => ({
      ...{ rule: text, arm: finding.arm, metric, threshold: 'absolute' as const, strict },
      ...valueState(document, finding, rule),
    }))
}

type GateState = Pick<Gate, 'state' | 'reasons'>

function valueState(document: ResultDocument, finding: Finding, rule: GateRule): GateState {
  const { metric, threshold } = rule
  const summary = finding.metrics[metric]
  if (summary === undefined || finding.validity === 'invalid' || threshold.on !== 'absolute') {
    return withoutFigure(document, finding, { metric, why: 'no-estimate' })
  }
  const { better } = metrics[metric]
  const { low, high, center, interval, confidence, n: trials } = summary
  const measured: Reason = {
    code: 'measured-value',
    values: {
      ...{ metric, phase: finding.phase, center, low, high, trials },
      ...(interval === 'confidence' && { confidence }),
    },
  }
  const isBeyond = better === 'more' ? high < threshold.value : low > threshold.value
  const isWithin = better === 'more' ? low >= threshold.value : high <= threshold.value
  const tooFew = metric === 'errorShare' && tooFewRequests(document, finding, threshold.value)
  if (isWithin && tooFew) return inconclusive(measured, tooFew)
  if (isWithin) return { state: 'pass', reasons: [measured] }
  if (!isBeyond) return inconclusive(measured, { code: 'around-threshold', values: {} })
  return finding.isLowerBound && metric === 'throughput'
    ? inconclusive(measured, { code: 'lower-bound', values: {} })
    : { state: 'fail', reasons: [measured] }
}

/**
 * Requests that a limit on failures takes: without a single failure in n, the share lies below 3/n at 95 % ("rule of
 * three": Hanley and Lippman-Hand, JAMA 1983). Undefined where there were as many, and for a limit of 0, which no number of
 * requests can show.
 */
function tooFewRequests(
  document: ResultDocument,
  { arm, phase }: Finding,
  limit: number,
): Reason | undefined {
  const requests = document.trials
    .filter(({ trial, verdict }) => trial.arm === arm && trial.phase === phase && verdict.valid)
    .map(({ window }) => window.ok + window.non2xx + window.errors + window.timeouts)
    .reduce((sum, one) => sum + one, 0)
  const needed = limit > 0 ? Math.ceil(3 / limit) : 0
  if (requests >= needed) return undefined
  return { code: 'too-few-for-limit', values: { requests, needed } }
}

function inconclusive(...reasons: [Reason, ...Reason[]]): GateState {
  return { state: 'inconclusive', reasons }
}

/** The metric that is missing, and the reason that says so where nothing else does. */
interface Missing {
  readonly metric: Gate['metric']
  readonly why: 'not-compared' | 'no-estimate'
}

/** The state of a gate without an estimate: failed where the percentile lies among the failed requests in every trial, otherwise inconclusive. */
export function withoutFigure(
  document: ResultDocument,
  finding: Finding,
  { metric, why }: Missing,
): GateState {
  const valid = document.trials.filter(
    ({ trial, verdict }) =>
      trial.arm === finding.arm && trial.phase === finding.phase && verdict.valid,
  )
  if (valid.length === 0) {
    return inconclusive({ code: 'no-valid-trial', values: { arm: finding.arm } })
  }
  const failed = valid.filter((one) => metricOf(one, metric) === undefined).length
  // One request without a response is slower than any limit on the slowest.
  const isInfinite =
    metric === 'latencyMax' ? failed > 0 : metric.startsWith('latencyP') && failed === valid.length
  if (isInfinite) {
    const values = { metric, failedTrials: failed, trials: valid.length }
    return { state: 'fail', reasons: [{ code: 'percentile-failed', values }] }
  }
  const own = finding.notes.filter(({ values }) => 'metric' in values && values.metric === metric)
  return inconclusive(
    { code: why, values: { metric } },
    ...(own.length > 0 ? own : finding.notes).slice(0, 1),
  )
}
