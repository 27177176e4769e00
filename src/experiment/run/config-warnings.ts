import type { Plan } from '../../plan/plan.ts'
import { findTarget } from '../../targets/find-target.ts'
import { sampleOptions } from '../../targets/sample-options.ts'

/** Settings in the user's own configurations that make the comparison unfair: each sentence once, by target. */
export function configWarnings(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const arm of plan.arms) {
    const warnings = findTarget(arm.target).warnings?.(sampleOptions(arm, plan)) ?? []
    if (warnings.length === 0) continue
    found.set(arm.target, [...new Set([...(found.get(arm.target) ?? []), ...warnings])])
  }
  return found
}

/** The same, each with its target: `nginx is not compared fairly: it compresses: gzip is on`. */
export function configWarningLines(plan: Plan): string[] {
  return [...configWarnings(plan)].flatMap(([target, warnings]) =>
    warnings.map((sentence) => `${target} is not compared fairly: ${asClause(sentence)}`),
  )
}

function asClause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`
}
