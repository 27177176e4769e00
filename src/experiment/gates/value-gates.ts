import { percent, quantity } from '../../kit/units.ts'
import type { Finding, Gate, ResultDocument } from '../../result/document.ts'
import { metrics } from '../../result/metrics.ts'
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

type GateState = Pick<Gate, 'state' | 'because'>

function valueState(document: ResultDocument, finding: Finding, rule: GateRule): GateState {
  const { metric, threshold } = rule
  const summary = finding.metrics[metric]
  if (summary === undefined || finding.validity === 'invalid' || threshold.on !== 'absolute') {
    return withoutFigure(document, finding, metric)
  }
  const { unit, better, label } = metrics[metric]
  const { low, high, center, interval, confidence, n } = summary
  const shown = (value: number) => quantity(value, unit)
  const edges = interval === 'confidence' ? `${percent(confidence)} interval` : `${n} trials`
  const because = `${label} ${shown(center)} (${edges} ${shown(low)} to ${shown(high)}) in the ${finding.phase} phase`
  const isBeyond = better === 'more' ? high < threshold.value : low > threshold.value
  const isWithin = better === 'more' ? low >= threshold.value : high <= threshold.value
  if (isWithin) return { state: 'pass', because }
  if (!isBeyond) {
    return { state: 'inconclusive', because: `${because}: the interval spans the threshold` }
  }
  return finding.isLowerBound && metric === 'throughput'
    ? { state: 'inconclusive', because: `${because}: a lower bound` }
    : { state: 'fail', because }
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
  const { label } = metrics[metric]
  if (valid.length === 0) {
    return { state: 'inconclusive', because: `${finding.arm} has no valid trial` }
  }
  const isInfinite =
    metric.startsWith('latencyP') && valid.every((one) => metricsOf(one)[metric] === undefined)
  if (isInfinite) {
    return {
      state: 'fail',
      because: `${label} lies among the failed requests, in every trial`,
    }
  }
  const note = finding.notes[0] ?? 'there is nothing to compare it with'
  return { state: 'inconclusive', because: `${label} could not be compared: ${note}` }
}
