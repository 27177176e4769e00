import type { Reason } from './reason.ts'

/** Each different reason once, in the order of their first appearance. */
export function distinctReasons(reasons: readonly Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [JSON.stringify(reason), reason])).values()]
}
