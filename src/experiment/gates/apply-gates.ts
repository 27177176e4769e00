import { describeHost } from '../../host/describe-host.ts'
import { build } from '../../kit/module-path.ts'
import { placementHost } from '../../lab/cores.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ResultDocument } from '../../result/document.ts'
import { readNoise } from '../../store/noise-store.ts'
import { marginsOf } from '../findings/margins.ts'
import { checkComparable, compareDocuments, type StoredBase } from './compare-documents.ts'
import { comparedMetrics } from './compared-metrics.ts'
import { casesWithin, storedComparisons } from './comparison-case.ts'
import { changedMetrics, type GateRule } from './gate-rule.ts'
import { checkRules, gates } from './gates.ts'

/** The rules of a run, and the stored run to compare it with. */
export interface ApplyGatesOptions {
  readonly rules: readonly GateRule[]
  /** Whether an inconclusive gate fails. */
  readonly strict: boolean
  /** The stored run, if there is one. */
  readonly base?: StoredBase | undefined
  /** Whether to compare runs of different hosts or plans. */
  readonly force: boolean
}

/**
 * Checks, before a plan runs, that its gates can be applied to its result.
 *
 * @throws {UsageError} the baseline is of another host or plan, or a rule is about a metric that will not be measured
 */
export async function checkGateOptions(plan: Plan, options: ApplyGatesOptions): Promise<void> {
  const { rules, base, force } = options
  checkRules(rules, { phases: plan.phases, hasBase: base !== undefined || isAb(plan) })
  if (base === undefined) return
  const host = await describeHost((await placementHost()).available.count)
  checkComparable(base, { plan, host, build: build(import.meta.url) }, force)
}

/**
 * The document with its comparisons and gates: against the baseline, in an A/B run head against base, otherwise
 * by rules on values alone. δ is at least the noise floor of the host.
 *
 * @throws {UsageError} as `checkGateOptions`
 */
export async function applyGates(
  document: ResultDocument,
  options: ApplyGatesOptions,
): Promise<ResultDocument> {
  const { rules, strict, base, force } = options
  const noise = await readNoise(document.host.fingerprint)
  const margin = marginsOf(noise)
  if (base !== undefined) {
    return compareDocuments({ base, head: document, force, rules, strict, margin })
  }
  const hasBase = isAb(document.plan)
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

function isAb({ arms }: Plan): boolean {
  return arms.some(({ variant }) => variant !== undefined)
}
