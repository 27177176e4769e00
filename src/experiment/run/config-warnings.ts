import type { Plan } from '../../plan/plan.ts'
import { findTarget } from '../../targets/find-target.ts'
import { sampleOptions } from '../../targets/sample-order.ts'

/** What in the user's own configurations makes the comparison unfair: each sentence once, by target. */
export function configWarnings(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const arm of plan.arms) {
    const said = findTarget(arm.target).warnings?.(sampleOptions(arm, plan)) ?? []
    if (said.length === 0) continue
    found.set(arm.target, [...new Set([...(found.get(arm.target) ?? []), ...said])])
  }
  return found
}

/** The same, each with who it is about: `nginx is not compared fairly: it compresses: gzip is on`. */
export function configWarningLines(plan: Plan): string[] {
  return [...configWarnings(plan)].flatMap(([target, said]) =>
    said.map((sentence) => `${target} is not compared fairly: ${asClause(sentence)}`),
  )
}

function asClause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`
}
