import type { SlowCause } from '../../result/schemas/slow.ts'
import { type CauseSpan, coveredMs, overlapMs } from './cause-span.ts'

/** Part of the excess that a cause must cover to be named. */
const minShare = 0.5

/** A slow request, or a stall, in ms of the host's clock. */
export interface SlowSpan {
  readonly fromMs: number
  readonly untilMs: number
  /** How much longer it took than usual. */
  readonly excessMs: number
}

/**
 * Causes that last longer, too, while a thread pauses: they are named where no pause is, by the time in which no thread waits for
 * a CPU.
 */
const ofOneRequest = new Set<SlowCause>([
  'target-connect',
  'retry',
  'backend-queue',
  'ejection',
  'new-connection',
  'connections-in-use',
  'driver-late',
])

/**
 * Waits for a CPU. While other programs use all of them, a request waits a little in each thread through which it goes: where no
 * cause alone explains it, these waits count together, and the role whose threads waited longest is named.
 */
const runQueueWaits = new Set<SlowCause>([
  'target-run-queue',
  'driver-run-queue',
  'backends-run-queue',
])

/**
 * Causes that another one may have as its effect: a garbage collection, whose helper threads use all CPUs, makes others wait for
 * one; requests in the queue of a backend hold all connections; a late driver has a reason. They must cover a quarter more.
 */
const mayBeEffects = new Set<SlowCause>([
  ...runQueueWaits,
  'steal',
  'connections-in-use',
  'driver-late',
])
const effectWeight = 0.8

/**
 * The cause of a slow request or of a stall: the one whose spans overlap it for the longest time, if that is at least half
 * of its excess. Pauses of threads come before waits of the one request. Of spans of one cause that overlap each other, the
 * time counts once. A cause that may be the effect of another one is named in its place if it covers a quarter more.
 */
export function nameCause(slow: SlowSpan, spans: readonly CauseSpan[]): SlowCause {
  const near = spans.filter((span) => overlapMs(span, slow) > 0)
  const pauses = near.filter(({ cause }) => !ofOneRequest.has(cause))
  return (
    longest(slow, pauses, alone) ??
    longest(slow, withoutWaits(slow, near), alone) ??
    longest(slow, pauses, together) ??
    'unexplained'
  )
}

const alone = (cause: SlowCause): string => cause
const together = (cause: SlowCause): string => (runQueueWaits.has(cause) ? 'wait' : cause)

/** The cause of the kind that covers most of a request. `kindOf`: causes of one kind count together. */
function longest(
  slow: SlowSpan,
  spans: readonly CauseSpan[],
  kindOf: (cause: SlowCause) => string,
): SlowCause | undefined {
  const kinds = Map.groupBy(spans, ({ cause }) => kindOf(cause))
  const [first] = [...kinds.values()]
    .map((own) => {
      const cause = longestOf(slow, own)
      const ms = coveredMs(slow, own)
      return { cause, ms, weight: mayBeEffects.has(cause) ? effectWeight : 1 }
    })
    .filter(({ ms }) => ms > 0 && ms >= minShare * slow.excessMs)
    .toSorted((a, b) => b.ms * b.weight - a.ms * a.weight)
  return first?.cause
}

/** The cause of spans of one kind that covers most of it. */
function longestOf(slow: SlowSpan, spans: readonly CauseSpan[]): SlowCause {
  const [first] = [...Map.groupBy(spans, ({ cause }) => cause)]
    .map(([cause, own]) => ({ cause, ms: coveredMs(slow, own) }))
    .toSorted((a, b) => b.ms - a.ms)
  return first?.cause ?? 'unexplained'
}

/** The spans, those of causes of one request without the time in which threads waited for a CPU. */
function withoutWaits(slow: SlowSpan, spans: readonly CauseSpan[]): CauseSpan[] {
  const waits = spans.filter(({ cause }) => runQueueWaits.has(cause))
  return spans.map((span) => {
    if (!ofOneRequest.has(span.cause)) return span
    const shared = {
      fromMs: Math.max(span.fromMs, slow.fromMs),
      untilMs: Math.min(span.untilMs, slow.untilMs),
    }
    const waitedMs = coveredMs(shared, waits)
    return waitedMs === 0 ? span : { ...span, ms: overlapMs(span, slow) - waitedMs }
  })
}
