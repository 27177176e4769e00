import type { Pause } from '../../kit/pause.ts'
import { type CauseSpan, coveredMs, partsWithout } from './cause-span.ts'

/** The meters that saw a wait for a CPU, and `steal`. */
type WaitName = 'target' | 'driver' | 'backends' | 'steal'

/** What the meters of a trial saw, in ms of the host's clock. */
export interface Seen {
  /** Pauses of the threads of the target, and of the drivers; waits in the queues of the backends, and of their threads for a CPU. */
  readonly target: readonly Pause[]
  readonly driver: readonly Pause[]
  readonly backends: readonly Pause[]
  /** Waits for a CPU that were read from outside: `waitedMs` somewhere between two readings. */
  readonly waits: readonly {
    readonly name: WaitName
    readonly fromMs: number
    readonly untilMs: number
    readonly waitedMs: number
  }[]
}

/** Milliseconds of its own from which on a pause of a thread is a cause. */
const minOwnMs = 1

/** Milliseconds between two readings up to which a wait between them is placed, and the part of longer times that it must fill. */
const [maxTickMs, minFilled] = [50, 0.8]
/** Part of a time that a wait must fill to have lasted all of it. */
const allFilled = 0.99

const ofWait = {
  target: 'target-run-queue',
  driver: 'driver-run-queue',
  backends: 'backends-run-queue',
  steal: 'steal',
} as const

const ofThread = {
  target: { gc: 'target-gc', loop: 'target-loop' },
  driver: { gc: 'driver-gc', loop: 'driver-loop' },
} as const

const ofTargetRequest = { retry: 'retry', connect: 'target-connect' } as const

/**
 * The causes that were seen. Each counts for its own time only: a garbage collection takes longer while its thread waits for a
 * CPU, and an event loop is late while its thread does either. A wait in the queue of a backend counts as `ejection`
 * where it began while another backend was ejected.
 */
export function causeSpans({ target, driver, backends, waits }: Seen): CauseSpan[] {
  const waited = [
    ...ownWaits('target', target),
    ...ownWaits('driver', driver),
    ...ownWaits('backends', backends),
    ...waitSpans(waits),
  ]
  const ejections = target.filter(({ kind }) => kind === 'ejection')
  return [
    ...threadSpans('target', target, waited),
    ...threadSpans('driver', driver, waited),
    ...target.flatMap(({ kind, fromMs, untilMs }): CauseSpan[] =>
      kind === 'retry' || kind === 'connect'
        ? [{ cause: ofTargetRequest[kind], fromMs, untilMs }]
        : [],
    ),
    ...backends
      .filter(({ kind }) => kind === 'queue')
      .map(({ fromMs, untilMs }): CauseSpan => {
        const isEjected = ejections.some((one) => one.fromMs <= fromMs && fromMs < one.untilMs)
        return { cause: isEjected ? 'ejection' : 'backend-queue', fromMs, untilMs }
      }),
    ...waited,
  ]
}

/**
 * The waits for a CPU that threads of a role read themselves. In a garbage collection they wait for its helper threads, too: there
 * only the readings from outside count, which distinguish these.
 */
function ownWaits(role: 'target' | 'driver' | 'backends', pauses: readonly Pause[]): CauseSpan[] {
  const collections = pauses.filter(({ kind }) => kind === 'gc')
  return pauses
    .filter(({ kind }) => kind === 'wait')
    .flatMap((wait) => partsWithout(wait, collections, minOwnMs))
    .map((part) => ({ cause: ofWait[role], ...part }))
}

function waitSpans(waits: Seen['waits']): CauseSpan[] {
  return (
    waits
      // Of a reading that came late, a short wait could have been at any time.
      .filter(
        ({ fromMs, untilMs, waitedMs }) =>
          untilMs - fromMs <= maxTickMs || waitedMs >= minFilled * (untilMs - fromMs),
      )
      .map(({ name, fromMs, untilMs, waitedMs }) => ({
        ...{ cause: ofWait[name], fromMs, untilMs },
        ...(waitedMs < allFilled * (untilMs - fromMs) && { ms: waitedMs }),
      }))
  )
}

/** Garbage collections and delays of the event loop of one role. */
function threadSpans(
  role: 'target' | 'driver',
  pauses: readonly Pause[],
  waits: readonly CauseSpan[],
): CauseSpan[] {
  const waited = waits.filter(({ cause }) => cause === ofWait[role] || cause === 'steal')
  const collections = pauses.filter(({ kind }) => kind === 'gc')
  return pauses.flatMap(({ kind, fromMs, untilMs }): CauseSpan[] => {
    if (kind === 'gc') return own({ cause: ofThread[role].gc, fromMs, untilMs }, waited)
    if (kind !== 'loop') return []
    return own({ cause: ofThread[role].loop, fromMs, untilMs }, waited, collections)
  })
}

/** A pause without the time that others explain, of each kind; none where less than 1 ms is left. */
function own(span: CauseSpan, ...kinds: (readonly Omit<CauseSpan, 'cause'>[])[]): CauseSpan[] {
  const lostMs = kinds.reduce((sum, others) => sum + coveredMs(span, others), 0)
  if (lostMs === 0) return [span]
  const ms = span.untilMs - span.fromMs - lostMs
  return ms < minOwnMs ? [] : [{ ...span, ms }]
}
