import { UsageError } from '../../kit/errors.ts'
import type { Phase } from '../../plan/plan.ts'
import type { Gate, ResultDocument } from '../../result/document.ts'
import { changeGates } from './change-gates.ts'
import { type ComparisonCase, phasesFor } from './comparison-case.ts'
import { type GateRule, ruleName } from './gate-rule.ts'
import { valueGates } from './value-gates.ts'

/** What to hold a run to. */
export interface GateOptions {
  readonly rules: readonly GateRule[]
  /** Whether what is unclear fails too. */
  readonly strict: boolean
  /** What rules on a change are judged by. */
  readonly contests: readonly ComparisonCase[]
  /** Why a contest, however it came out, is no evidence; undefined where it is. */
  doubt?(contest: ComparisonCase): string | undefined
}

/**
 * Checks, before anything runs, that each rule is about something that will be measured.
 *
 * @throws {UsageError} naming the rule
 */
export function checkRules(
  rules: readonly GateRule[],
  { phases, against }: { readonly phases: readonly Phase[]; readonly against: boolean },
): void {
  for (const { text, metric, limit } of rules) {
    if (limit.on === 'change' && !against) {
      throw new UsageError(
        `--fail-on "${text}" is about a change, and there is nothing to compare with`,
        'name a result with --baseline, or give a value without a sign',
      )
    }
    if (phasesFor(metric, phases).length > 0) continue
    const phase = metric === 'throughput' ? 'capacity' : 'latency'
    throw new UsageError(
      `--fail-on "${text}": ${ruleName(metric)} is judged in the ${phase} phase, and this run has only ${phases.join(' and ')}`,
      'measure with --phase both',
    )
  }
}

/**
 * Judges each rule on each arm. A rule on a change fails only where the whole interval lies beyond its limit,
 * the difference is one that this host can tell, and that still holds in view of how many rules were asked (Holm).
 */
export function gates(document: ResultDocument, options: GateOptions): Gate[] {
  const onChange = options.rules.filter(({ limit }) => limit.on === 'change')
  const absolute = options.rules.filter(({ limit }) => limit.on === 'absolute')
  return [
    ...changeGates(document, { ...options, rules: onChange }),
    ...absolute.flatMap((rule) => valueGates(document, rule, options.strict)),
  ]
}
