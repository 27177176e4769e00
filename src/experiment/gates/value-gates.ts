import { percent, quantity } from '../../kit/units.ts'
import type { Finding, Gate, ResultDocument } from '../../result/document.ts'
import { metrics } from '../../result/metrics.ts'
import { metricsOf } from '../findings/metrics-of.ts'
import { phasesFor } from './comparison-case.ts'
import type { GateRule } from './gate-rule.ts'

/** The gates of one rule on a figure itself: one for each arm, in each phase that has the figure. */
export function valueGates(document: ResultDocument, rule: GateRule, strict: boolean): Gate[] {
  const { metric, text } = rule
  const phases = phasesFor(metric, document.plan.phases)
  return document.findings
    .filter(({ arm, phase }) => arm !== document.plan.control && phases.includes(phase))
    .filter(({ validity }) => validity !== 'oversubscribed')
    .map((finding) => ({
      ...{ rule: text, arm: finding.arm, metric, limit: 'absolute' as const, strict },
      ...valueState(document, finding, rule),
    }))
}

type Judged = Pick<Gate, 'state' | 'because'>

function valueState(document: ResultDocument, finding: Finding, rule: GateRule): Judged {
  const { metric, limit } = rule
  const summary = finding.metrics[metric]
  if (summary === undefined || finding.validity === 'invalid' || limit.on !== 'absolute') {
    return withoutFigure(document, finding, metric)
  }
  const { unit, better, label } = metrics[metric]
  const { low, high, center, interval, confidence, n } = summary
  const shown = (value: number) => quantity(value, unit)
  const edges = interval === 'confidence' ? `${percent(confidence)} interval` : `${n} trials`
  const because = `${label} ${shown(center)} (${edges} ${shown(low)} to ${shown(high)}) in the ${finding.phase} phase`
  const beyond = better === 'more' ? high < limit.value : low > limit.value
  const within = better === 'more' ? low >= limit.value : high <= limit.value
  if (within) return { state: 'pass', because }
  if (!beyond) return { state: 'unclear', because: `${because}: on both sides of the limit` }
  return finding.atLeast && metric === 'throughput'
    ? { state: 'unclear', because: `${because}: a lower bound` }
    : { state: 'fail', because }
}

/** A percentile among the requests that failed is beyond any limit; whatever else is missing is unclear. */
export function withoutFigure(
  document: ResultDocument,
  finding: Finding,
  metric: Gate['metric'],
): Judged {
  const own = document.trials.filter(
    ({ trial, verdict }) =>
      trial.arm === finding.arm && trial.phase === finding.phase && verdict.valid,
  )
  const { label } = metrics[metric]
  if (own.length === 0) return { state: 'unclear', because: `no trial of ${finding.arm} counts` }
  const infinite =
    metric.startsWith('latencyP') && own.every((one) => metricsOf(one)[metric] === undefined)
  if (infinite) {
    return {
      state: 'fail',
      because: `${label} lies among the requests that failed, in every trial`,
    }
  }
  const note = finding.notes[0] ?? 'there is nothing to hold it against'
  return { state: 'unclear', because: `${label} could not be compared: ${note}` }
}
