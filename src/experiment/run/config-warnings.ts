import type { Plan } from '../../plan/plan.ts'
import type { ConfigWarning } from '../../targets/config-lint.ts'
import { findTarget } from '../../targets/find-target.ts'
import { sampleOptions } from '../../targets/sample-options.ts'

/** Settings in the user's own configurations that make the comparison unfair, once each, by target. */
export function configWarnings(plan: Plan): ReadonlyMap<string, readonly ConfigWarning[]> {
  const found = new Map<string, Map<string, ConfigWarning>>()
  for (const arm of plan.arms) {
    const warnings = findTarget(arm.target).warnings?.(sampleOptions(arm, plan)) ?? []
    for (const warning of warnings) {
      const ofTarget = found.get(arm.target) ?? new Map()
      found.set(arm.target, ofTarget.set(JSON.stringify(warning), warning))
    }
  }
  return new Map([...found].map(([target, warnings]) => [target, [...warnings.values()]]))
}
