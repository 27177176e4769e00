import { percent } from '../../kit/units.ts'
import type { Gate, ResultDocument } from '../../result/document.ts'
import { metrics } from '../../result/metrics.ts'
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
  const measured = sentence(comparisonCase, raw, ratioOf(rule))
  const inconclusive = (why: string): Gate => ({
    ...gate,
    state: 'inconclusive',
    because: `${measured}; ${why}`,
  })
  if (raw.outcome === 'too few trials') return inconclusive(raw.ratio.warnings.join(' '))
  if (raw.outcome === 'better') return { ...gate, state: 'pass', because: measured }
  if (raw.outcome !== 'worse') return inconclusive('the interval spans the threshold')
  if (adjusted.outcome !== 'worse') {
    return inconclusive(
      `with so many rules at once that may be chance (p ${adjusted.p.toPrecision(2)})`,
    )
  }
  const size = Math.abs(Math.log(raw.ratio.center * ratioOf(rule)))
  if (size < Math.log1p(margin)) {
    return inconclusive(`less than the ${percent(margin)} that this host can tell apart`)
  }
  const isLowerBound = metric === 'throughput' && findingOf(document, arm, phase)?.isLowerBound
  if (isLowerBound) {
    return inconclusive('it is a lower bound: something other than the target was the bottleneck')
  }
  const doubt = options.doubt?.(comparisonCase)
  return doubt === undefined ? { ...gate, state: 'fail', because: measured } : inconclusive(doubt)
}

function gateOf({ text, metric }: GateRule, arm: string, { strict }: GateOptions) {
  return { rule: text, arm, metric, threshold: 'change' as const, strict }
}

/** `latency p99 8.1 % more (95 % interval 5.9 % more to 10 % more)` */
function sentence(
  { metric, base, arm }: ComparisonCase,
  { ratio }: Comparison,
  limit: number,
): string {
  const words = (value: number) => moreOrLess(value * limit)
  const against = base === arm ? 'the baseline' : base
  const { center, low, high, confidence } = ratio
  return `${metrics[metric].label} ${words(center)} than ${against} (${percent(confidence)} interval ${words(low)} to ${words(high)})`
}

function moreOrLess(ratio: number): string {
  return `${percent(ratio - 1)} ${ratio < 1 ? 'less' : 'more'}`
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
    return [{ ...gateOf(rule, arm, options), ...withoutFigure(document, finding, metric) }]
  })
}

/** Arms that a rule on a change covers: those of the head in an A/B comparison, all but the control between two runs. */
function coveredArms({ plan }: ResultDocument): string[] {
  const isAb = plan.arms.some(({ variant }) => variant !== undefined)
  return isAb
    ? pairings(plan).map(({ other }) => other.name)
    : plan.arms.filter(({ name }) => name !== plan.control).map(({ name }) => name)
}
