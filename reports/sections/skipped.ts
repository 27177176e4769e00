import type { ResultDocument } from '../../src/result/document.ts'
import { reasonWords } from './reasons.ts'

/** An arm of the scenario that could not be measured. */
export type SkippedArm = NonNullable<ResultDocument['plan']['skipped']>[number]

/** A line for each arm that could not be measured, with the reason. */
export function skippedLines({ plan }: ResultDocument): string[] {
  return (plan.skipped ?? []).map(
    (arm) => `${skippedName(arm)}: not measured, ${skippedReason(arm)}`,
  )
}

/** Its target and algorithm: `caddy weighted`. */
export function skippedName({ target, algorithm }: SkippedArm): string {
  return `${target} ${algorithm}`
}

/** Why it could not be measured. */
export function skippedReason({ reason }: SkippedArm): string {
  return reasonWords(reason)
}
