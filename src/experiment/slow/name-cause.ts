import type { SlowCause } from '../../result/schemas/slow.ts'
import { type CauseSpan, overlapMs } from './cause-span.ts'

/** Part of the excess that a cause must cover to be named. */
const minShare = 0.5

/** A slow request, or a stall, in ms of the host's clock. */
export interface SlowSpan {
  readonly fromMs: number
  readonly untilMs: number
  /** How much longer it took than usual. */
  readonly excessMs: number
}

/** Causes that last longer, too, while a thread pauses: they are named where no pause is. */
const ofOneRequest = new Set<SlowCause>([
  'target-connect',
  'retry',
  'new-connection',
  'connections-in-use',
  'driver-late',
])

/**
 * The cause of a slow request or of a stall: the one whose spans overlap it for the longest time, if that is at least half
 * of its excess. Pauses of threads come before waits of the one request. Of spans of one cause that overlap each other, the
 * time counts once. Where two causes cover the same, the one whose time is known exactly is named.
 */
export function nameCause(slow: SlowSpan, spans: readonly CauseSpan[]): SlowCause {
  const near = spans.filter((span) => overlapMs(span, slow) > 0)
  const pause = longest(
    slow,
    near.filter(({ cause }) => !ofOneRequest.has(cause)),
  )
  return pause ?? longest(slow, near) ?? 'unexplained'
}

function longest(slow: SlowSpan, spans: readonly CauseSpan[]): SlowCause | undefined {
  const covered = [...Map.groupBy(spans, ({ cause }) => cause)].map(([cause, own]) => ({
    cause,
    ms: coveredMs(slow, own),
    isExact: own.every(({ ms }) => ms === undefined),
  }))
  const [first] = covered
    .filter(({ ms }) => ms > 0 && ms >= minShare * slow.excessMs)
    .toSorted((a, b) => b.ms - a.ms || Number(b.isExact) - Number(a.isExact))
  return first?.cause
}

/** The earlier one first; of two that begin at once, as of two threads in one tick, the one that lasts longer. */
function earlier(a: CauseSpan, b: CauseSpan): number {
  const { ms: first = Number.POSITIVE_INFINITY } = a
  const { ms: second = Number.POSITIVE_INFINITY } = b
  if (a.fromMs !== b.fromMs) return a.fromMs - b.fromMs
  return first === second ? 0 : second - first
}

/** Milliseconds of `slow` that spans of one cause cover. */
function coveredMs(slow: SlowSpan, spans: readonly CauseSpan[]): number {
  let covered = 0
  let untilMs = slow.fromMs
  for (const span of spans.toSorted(earlier)) {
    const fromMs = Math.max(span.fromMs, untilMs)
    covered += overlapMs({ ...span, fromMs }, slow)
    untilMs = Math.max(untilMs, span.untilMs)
  }
  return covered
}
