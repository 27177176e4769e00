import type { SlowCause } from '../../result/schemas/slow.ts'

/** A cause as it was seen, in ms of the host's clock. */
export interface CauseSpan {
  readonly cause: Exclude<SlowCause, 'unexplained'>
  readonly fromMs: number
  readonly untilMs: number
  /** How much of it, where it did not last all that time; it is not known when. */
  readonly ms?: number
}

/** A time, in ms of the host's clock. */
interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/** Milliseconds that two spans have in common: at most. */
export function overlapMs(
  { fromMs, untilMs, ms = Number.POSITIVE_INFINITY }: Omit<CauseSpan, 'cause'>,
  other: Span,
): number {
  const shared = Math.min(untilMs, other.untilMs) - Math.max(fromMs, other.fromMs)
  return Math.max(0, Math.min(ms, shared))
}

/** Milliseconds of `span` that `others` cover: at most. Where they overlap each other, the time counts once. */
export function coveredMs(span: Span, others: readonly Omit<CauseSpan, 'cause'>[]): number {
  let covered = 0
  let { fromMs: untilMs } = span
  const near = others.filter((one) => overlapMs(one, span) > 0)
  for (const one of near.toSorted(earlier)) {
    const fromMs = Math.max(one.fromMs, untilMs)
    covered += overlapMs({ ...one, fromMs }, span)
    untilMs = Math.max(untilMs, one.untilMs)
  }
  return covered
}

/** The earlier one first; of two that begin at once, as of two threads in one tick, the one that lasts longer. */
function earlier(a: Omit<CauseSpan, 'cause'>, b: Omit<CauseSpan, 'cause'>): number {
  const { ms: first = Number.POSITIVE_INFINITY } = a
  const { ms: second = Number.POSITIVE_INFINITY } = b
  if (a.fromMs !== b.fromMs) return a.fromMs - b.fromMs
  return first === second ? 0 : second - first
}
