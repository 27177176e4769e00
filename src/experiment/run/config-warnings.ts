import type { Plan } from '../../plan/plan.ts'
import { targetNamed } from '../../targets/find-target.ts'
import { sampleOrder } from '../../targets/sample-order.ts'

/** What in the user's own configurations makes the comparison unfair: each sentence once, by target. */
export function unfair(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const arm of plan.arms) {
    const said = targetNamed(arm.target).warnings?.(sampleOrder(arm, plan)) ?? []
    if (said.length === 0) continue
    found.set(arm.target, [...new Set([...(found.get(arm.target) ?? []), ...said])])
  }
  return found
}

/** The same, each with who it is about: `nginx is not compared fairly: it compresses: gzip is on`. */
export function unfairLines(plan: Plan): string[] {
  return [...unfair(plan)].flatMap(([target, said]) =>
    said.map((sentence) => `${target} is not compared fairly: ${asClause(sentence)}`),
  )
}

function asClause(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`
}
