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

/** A time, or how much of it. */
type PartialSpan = Omit<CauseSpan, 'cause'>

/** Milliseconds that two spans have in common: at most. */
export function overlapMs(
  { fromMs, untilMs, ms = Number.POSITIVE_INFINITY }: PartialSpan,
  other: Span,
): number {
  const shared = Math.min(untilMs, other.untilMs) - Math.max(fromMs, other.fromMs)
  return Math.max(0, Math.min(ms, shared))
}

/**
 * Milliseconds of `span` that `others` cover: at most. Where they overlap each other, the time counts once; of one of which it is
 * not known when it was, only so much counts as others do not cover.
 */
export function coveredMs(span: Span, others: readonly PartialSpan[]): number {
  const near = others.filter((one) => overlapMs(one, span) > 0)
  const exact = joined(near.filter(({ ms }) => ms === undefined))
  let covered = total(span, exact)
  let { fromMs: untilMs } = span
  for (const one of near.filter(({ ms }) => ms !== undefined).toSorted(earlier)) {
    const rest = {
      fromMs: Math.max(one.fromMs, untilMs),
      untilMs: Math.min(one.untilMs, span.untilMs),
    }
    covered += Math.max(0, overlapMs(one, rest) - total(rest, exact))
    untilMs = Math.max(untilMs, one.untilMs)
  }
  return covered
}

/** The parts of a span of at least `minMs` that none of the others overlaps. */
export function partsWithout(span: Span, others: readonly Span[], minMs: number): Span[] {
  const parts: Span[] = []
  let { fromMs } = span
  for (const one of joined(others.filter((other) => overlapMs(other, span) > 0))) {
    parts.push({ fromMs, untilMs: one.fromMs })
    fromMs = one.untilMs
  }
  parts.push({ fromMs, untilMs: span.untilMs })
  return parts.filter((part) => part.untilMs - part.fromMs >= minMs)
}

/** Spans without overlaps that cover the same time, in order. */
function joined(spans: readonly Span[]): Span[] {
  const all: { fromMs: number; untilMs: number }[] = []
  for (const { fromMs, untilMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1)
    if (last !== undefined && fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, untilMs)
    else all.push({ fromMs, untilMs })
  }
  return all
}

/** Milliseconds of `span` that others cover which do not overlap each other. */
function total(span: Span, others: readonly Span[]): number {
  return others.reduce((sum, one) => sum + overlapMs(one, span), 0)
}

/** The earlier one first; of two that begin at once, as of two threads in one tick, the one that lasts longer. */
function earlier(a: PartialSpan, b: PartialSpan): number {
  const { ms: first = Number.POSITIVE_INFINITY } = a
  const { ms: second = Number.POSITIVE_INFINITY } = b
  if (a.fromMs !== b.fromMs) return a.fromMs - b.fromMs
  return first === second ? 0 : second - first
}
