import type { Finding, Gate, ResultDocument } from '../../result/document.ts'
import type { MetricName } from '../../result/metrics.ts'
import type { Reason } from '../../result/reason.ts'
import type { Comparison } from '../../stats/tests/comparison.ts'
import { adjustFamily } from '../../stats/tests/family.ts'
import { pairings } from '../findings/pairs.ts'
import { phasesFor } from './compared-metrics.ts'
import { type ComparisonCase, findingOf } from './comparison-case.ts'
import type { GateOptions } from './gate-options.ts'
import type { GateRule } from './gate-rule.ts'
import { withoutFigure } from './value-gates.ts'

/** A rule on a change, applied to one comparison. */
interface AppliedRule {
  readonly rule: GateRule
  readonly comparisonCase: ComparisonCase
  /** The comparison at the threshold of the rule. */
  readonly raw: Comparison
}

/** The gates of rules on a change: one for each arm that was, or should have been, compared. */
export function changeGates(document: ResultDocument, options: GateOptions): Gate[] {
  const applied = options.rules.flatMap((rule) =>
    options.cases
      .filter(({ metric }) => metric === rule.metric)
      .map(
        (one): AppliedRule => ({ rule, comparisonCase: one, raw: one.compareAt(ratioOf(rule)) }),
      ),
  )
  const family = adjustFamily(applied.map(({ raw }) => raw))
  return [
    ...applied.map((one, i) =>
      changeGate(document, { ...one, options, adjusted: family[i] as Comparison }),
    ),
    ...options.rules.flatMap((rule) => gatesWithoutComparison(document, rule, options)),
  ]
}

function ratioOf({ threshold }: GateRule): number {
  return threshold.on === 'change' ? threshold.ratio : 1
}

function changeGate(
  document: ResultDocument,
  {
    rule,
    comparisonCase,
    raw,
    adjusted,
    options,
  }: AppliedRule & { adjusted: Comparison; options: GateOptions },
): Gate {
  const { metric, arm, phase, margin } = comparisonCase
  const gate = gateOf(rule, arm, options)
  const measured = measuredChange(comparisonCase, raw, ratioOf(rule))
  const inconclusive = (...why: Reason[]): Gate => ({
    ...gate,
    state: 'inconclusive',
    reasons: [measured, ...why],
  })
  if (raw.outcome === 'too few trials') return inconclusive(...raw.ratio.warnings)
  if (raw.outcome === 'better') {
    return options.noPass === undefined
      ? { ...gate, state: 'pass', reasons: [measured] }
      : inconclusive(options.noPass)
  }
  if (raw.outcome !== 'worse') return inconclusive({ code: 'around-threshold', values: {} })
  if (adjusted.outcome !== 'worse') {
    return inconclusive({ code: 'multiple-gates', values: { p: adjusted.p } })
  }
  const size = Math.abs(Math.log(raw.ratio.center * ratioOf(rule)))
  if (size < Math.log1p(margin)) {
    return inconclusive({ code: 'within-margin', values: { margin } })
  }
  const isLowerBound = metric === 'throughput' && findingOf(document, arm, phase)?.isLowerBound
  if (isLowerBound) return inconclusive({ code: 'lower-bound', values: {} })
  const doubt = options.doubt?.(comparisonCase)
  return doubt === undefined ? { ...gate, state: 'fail', reasons: [measured] } : inconclusive(doubt)
}

function gateOf({ text, metric }: GateRule, arm: string, { strict }: GateOptions) {
  return { rule: text, arm, metric, threshold: 'change' as const, strict }
}

/** The change itself: the comparison was made with the base at the threshold. */
function measuredChange(
  { metric, base, arm }: ComparisonCase,
  { ratio }: Comparison,
  threshold: number,
): Reason {
  const { center, low, high, confidence } = ratio
  return {
    code: 'measured-change',
    values: {
      metric,
      ...(base !== arm && { base }),
      center: center * threshold,
      low: low * threshold,
      high: high * threshold,
      confidence,
    },
  }
}

/** Arms that a rule covers and that could not be compared: inconclusive, or failed where the percentile lay among failed requests in every trial. */
function gatesWithoutComparison(
  document: ResultDocument,
  rule: GateRule,
  options: GateOptions,
): Gate[] {
  const { metric } = rule
  const compared = options.cases.filter((one) => one.metric === metric).map(({ arm }) => arm)
  const missing = coveredArms(document).filter((arm) => !compared.includes(arm))
  return missing.flatMap((arm) => {
    const [phase] = phasesFor(metric, document.plan.phases)
    const finding = phase && findingOf(document, arm, phase)
    if (finding === undefined || finding.validity === 'oversubscribed') return []
    return [
      { ...gateOf(rule, arm, options), ...stateWithout(document, finding, { metric, options }) },
    ]
  })
}

/** An arm that the baseline lacks was not checked, which fails: a renamed arm would pass for ever. */
function stateWithout(
  document: ResultDocument,
  finding: Finding,
  { metric, options }: { readonly metric: MetricName; readonly options: GateOptions },
): Pick<Gate, 'state' | 'reasons'> {
  const { arm } = finding
  const base = options.baseArms?.find(({ name }) => name === arm)
  if (options.baseArms !== undefined && base === undefined) {
    return { state: 'fail', reasons: [{ code: 'baseline-lacks-arm', values: { arm } }] }
  }
  if (base?.hasValidTrial === false) {
    const reasons: [Reason] = [{ code: 'baseline-without-valid-trial', values: { arm } }]
    return { state: 'inconclusive', reasons }
  }
  return withoutFigure(document, finding, { metric, why: 'not-compared' })
}

/** Arms that a rule on a change covers: those of the head in an A/B comparison, all but the control between two runs. */
export function coveredArms({ plan }: ResultDocument): string[] {
  const isAb = plan.arms.some(({ variant }) => variant !== undefined)
  return isAb
    ? pairings(plan).map(({ other }) => other.name)
    : plan.arms.filter(({ name }) => name !== plan.control).map(({ name }) => name)
}
