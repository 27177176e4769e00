import type { Finding, Gate, ResultDocument } from '../../result/document.ts'
import { metrics } from '../../result/metrics.ts'
import type { Reason } from '../../result/reason.ts'
import { metricsOf } from '../findings/metrics-of.ts'
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
    return withoutFigure(document, finding, metric)
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
  if (isWithin) return { state: 'pass', reasons: [measured] }
  if (!isBeyond) return inconclusive(measured, { code: 'around-threshold', values: {} })
  return finding.isLowerBound && metric === 'throughput'
    ? inconclusive(measured, { code: 'lower-bound', values: {} })
    : { state: 'fail', reasons: [measured] }
}

function inconclusive(...reasons: [Reason, ...Reason[]]): GateState {
  return { state: 'inconclusive', reasons }
}

/** The state of a gate without an estimate: failed where the percentile lies among the failed requests in every trial, otherwise inconclusive. */
export function withoutFigure(
  document: ResultDocument,
  finding: Finding,
  metric: Gate['metric'],
): GateState {
  const valid = document.trials.filter(
    ({ trial, verdict }) =>
      trial.arm === finding.arm && trial.phase === finding.phase && verdict.valid,
  )
  if (valid.length === 0) {
    return inconclusive({ code: 'no-valid-trial', values: { arm: finding.arm } })
  }
  const isInfinite =
    metric.startsWith('latencyP') && valid.every((one) => metricsOf(one)[metric] === undefined)
  if (isInfinite) {
    const values = { metric, failedTrials: valid.length, trials: valid.length }
    return { state: 'fail', reasons: [{ code: 'percentile-failed', values }] }
  }
  return inconclusive({ code: 'not-compared', values: { metric } }, ...finding.notes.slice(0, 1))
}
