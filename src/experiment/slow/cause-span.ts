import type { SlowCause } from '../../result/schemas/slow.ts'

/** A cause as it was seen, in ms of the host's clock. */
export interface CauseSpan {
  readonly cause: Exclude<SlowCause, 'unexplained'>
  readonly fromMs: number
  readonly untilMs: number
  /** How much of it, where it did not last all that time; it is not known when. */
  readonly ms?: number
}

/** Milliseconds that two spans have in common: at most. */
export function overlapMs(
  { fromMs, untilMs, ms = Number.POSITIVE_INFINITY }: Omit<CauseSpan, 'cause'>,
  other: { readonly fromMs: number; readonly untilMs: number },
): number {
  const shared = Math.min(untilMs, other.untilMs) - Math.max(fromMs, other.fromMs)
  return Math.max(0, Math.min(ms, shared))
}
