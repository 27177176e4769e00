import { UsageError } from '../../kit/errors.ts'
import type { Phase } from '../../plan/plan.ts'
import type { Gate, ResultDocument } from '../../result/document.ts'
import type { Reason } from '../../result/reason.ts'
import { changeGates, coveredArms } from './change-gates.ts'
import { phasesFor } from './compared-metrics.ts'
import type { GateOptions } from './gate-options.ts'
import { type GateRule, ruleName } from './gate-rule.ts'
import { valueGates } from './value-gates.ts'

/**
 * Checks, before anything runs, that each rule is about a metric that the run will measure.
 *
 * @throws {UsageError} naming the rule
 */
export function checkRules(
  rules: readonly GateRule[],
  { phases, hasBase }: { readonly phases: readonly Phase[]; readonly hasBase: boolean },
): void {
  for (const { text, metric, threshold } of rules) {
    if (threshold.on === 'change' && !hasBase) {
      throw new UsageError(
        `--fail-on "${text}" is about a change, and there is nothing to compare with`,
        'name a result with --baseline, or give a value without a sign',
      )
    }
    if (phasesFor(metric, phases).length > 0) continue
    const phase = metric === 'throughput' ? 'capacity' : 'latency'
    throw new UsageError(
      `--fail-on "${text}": ${ruleName(metric)} is measured in the ${phase} phase, and this run has only ${phases.join(' and ')}`,
      'measure with --phase both',
    )
  }
}

/**
 * Applies each rule to each arm. A rule on a change fails only where the whole interval lies beyond its threshold,
 * the difference is at least δ, and that still holds after the correction for the number of rules and arms (Holm). A rule
 * that could be applied to no arm is inconclusive: what was not checked has not passed.
 */
export function gates(document: ResultDocument, options: GateOptions): Gate[] {
  const onChange = options.rules.filter(({ threshold }) => threshold.on === 'change')
  const absolute = options.rules.filter(({ threshold }) => threshold.on === 'absolute')
  const applied = [
    ...changeGates(document, { ...options, rules: onChange }),
    ...absolute.flatMap((rule) => valueGates(document, rule, options.strict)),
  ]
  return [
    ...applied,
    ...options.rules.flatMap((rule) => nothingChecked(document, rule, applied, options)),
  ]
}

/** Gates of a rule that was applied to no arm at all: without them the run would pass unchecked. */
function nothingChecked(
  document: ResultDocument,
  { text: rule, metric, threshold }: GateRule,
  applied: readonly Gate[],
  { strict }: GateOptions,
): Gate[] {
  if (applied.some((gate) => gate.rule === rule)) return []
  return coveredArms(document).map((arm) => {
    const isOversubscribed = document.findings.some(
      (finding) => finding.arm === arm && finding.validity === 'oversubscribed',
    )
    const reason: Reason = isOversubscribed
      ? { code: 'gate-oversubscribed', values: { arm } }
      : { code: 'no-valid-trial', values: { arm } }
    return {
      ...{ rule, arm, metric, threshold: threshold.on, strict },
      ...{ state: 'inconclusive', reasons: [reason] },
    }
  })
}
