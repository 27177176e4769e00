import { build } from '../../kit/module-path.ts'
import { isAbPlan } from '../../plan/ab-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Host, ResultDocument } from '../../result/document.ts'
import type { Noise } from '../../store/noise-store.ts'
import { marginsOf } from '../findings/margins.ts'
import { checkComparable, compareDocuments, type StoredBase } from './compare-documents.ts'
import { comparedMetrics } from './compared-metrics.ts'
import { casesWithin, storedComparisons } from './comparison-case.ts'
import { changedMetrics, type GateRule } from './gate-rule.ts'
import { checkRules, gates } from './gates.ts'
import { steadierMetric } from './steadier-metric.ts'

/** The rules of a run, and the stored run to compare it with. */
export interface ApplyGatesOptions {
  readonly rules: readonly GateRule[]
  /** Whether an inconclusive gate fails. */
  readonly strict: boolean
  /** The stored run, if there is one. */
  readonly base?: StoredBase | undefined
  /** Whether to compare runs of different hosts or plans. */
  readonly force: boolean
  /** Noise floor of the host; undefined where it was not measured. */
  readonly noise: Noise | undefined
}

/**
 * Checks, before a plan runs, that its gates can be applied to its result.
 *
 * @throws {UsageError} the baseline is of another host or plan, or a rule is about a metric that will not be measured
 */
export function checkGateOptions(
  plan: Plan,
  { rules, base, force }: Omit<ApplyGatesOptions, 'noise'>,
  { host, engine }: { readonly host: Host; readonly engine: { readonly name: string } },
): void {
  checkRules(rules, { phases: plan.phases, hasBase: base !== undefined || isAbPlan(plan) })
  if (base === undefined) return
  const own = engine.name === 'local' ? undefined : engine
  checkComparable(base, { plan, host, engine: own, build: build(import.meta.url) }, force)
}

/**
 * The document with its comparisons and gates: against the baseline, in an A/B run head against base, otherwise
 * by rules on values alone. δ is at least the noise floor of the host.
 *
 * @throws {UsageError} as `checkGateOptions`
 */
export function applyGates(document: ResultDocument, options: ApplyGatesOptions): ResultDocument {
  const applied = withGates(document, options)
  const advice = steadierMetric(document, options.rules)
  return advice === undefined ? applied : { ...applied, warnings: [...applied.warnings, advice] }
}

function withGates(
  document: ResultDocument,
  { rules, strict, base, force, noise }: ApplyGatesOptions,
): ResultDocument {
  const margin = marginsOf(noise)
  if (base !== undefined) {
    return compareDocuments({ base, head: document, force, rules, strict, margin })
  }
  const hasBase = isAbPlan(document.plan)
  checkRules(rules, { phases: document.plan.phases, hasBase })
  if (!hasBase) return { ...document, gates: gates(document, { rules, strict, cases: [] }) }
  const wanted = [...Object.values(comparedMetrics).flat(), ...changedMetrics(rules)]
  const cases = casesWithin(document, { metrics: [...new Set(wanted)], margin })
  return {
    ...document,
    comparisons: storedComparisons(cases),
    gates: gates(document, { rules, strict, cases }),
  }
}
