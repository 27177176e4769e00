import { describeHost } from '../../host/describe-host.ts'
import { build } from '../../kit/module-path.ts'
import { placementHost } from '../../lab/cores.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ResultDocument } from '../../result/document.ts'
import { readNoise } from '../../store/noise-store.ts'
import { marginsOf } from '../findings/margins.ts'
import { checkComparable, compareDocuments, type StoredBase } from './compare-documents.ts'
import { answers, casesWithin, contested } from './comparison-case.ts'
import type { GateRule } from './gate-rule.ts'
import { checkRules, gates } from './gates.ts'

/** What a run is to be held against. */
export interface ApplyGatesOptions {
  readonly rules: readonly GateRule[]
  /** Whether a gate fails that is unclear. */
  readonly strict: boolean
  /** Another run, where there is one. */
  readonly base?: StoredBase | undefined
  /** Whether to compare what was measured on different hosts or by different plans. */
  readonly force: boolean
}

/**
 * Checks, before a plan runs, that its result can be judged.
 *
 * @throws {UsageError} the baseline is of another host or plan, or a rule asks for what will not be measured
 */
export async function checkGateOptions(plan: Plan, options: ApplyGatesOptions): Promise<void> {
  const { rules, base, force } = options
  checkRules(rules, { phases: plan.phases, against: base !== undefined || isDuel(plan) })
  if (base === undefined) return
  const host = await describeHost((await placementHost()).available.count)
  checkComparable(base, { plan, host, build: build(import.meta.url) }, force)
}

/**
 * A document with what its comparisons and gates came to: against the baseline, in a duel head against base, or
 * by the limits on its figures alone. The least δ is the noise floor of its host.
 *
 * @throws {UsageError} as `checkJudgement`
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
  const duel = isDuel(document.plan)
  checkRules(rules, { phases: document.plan.phases, against: duel })
  if (!duel) return { ...document, gates: gates(document, { rules, strict, contests: [] }) }
  const changed = rules.filter(({ limit }) => limit.on === 'change').map(({ metric }) => metric)
  const wanted = [...new Set([...Object.values(contested).flat(), ...changed])]
  const contests = casesWithin(document, { metrics: wanted, margin })
  return {
    ...document,
    comparisons: answers(contests),
    gates: gates(document, { rules, strict, contests }),
  }
}

function isDuel({ arms }: Plan): boolean {
  return arms.some(({ variant }) => variant !== undefined)
}
