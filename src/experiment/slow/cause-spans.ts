import type { Pause } from '../../kit/pause.ts'
import { type CauseSpan, overlapMs } from './cause-span.ts'

/** The meters that saw a wait for a CPU, and `steal`. */
type WaitName = 'target' | 'driver' | 'backends' | 'steal'

/** What the meters of a trial saw, in ms of the host's clock. */
export interface Seen {
  /** Pauses of the threads of the target, and of the drivers. */
  readonly target: readonly Pause[]
  readonly driver: readonly Pause[]
  /** Waits for a CPU: `waitedMs` somewhere between two readings. */
  readonly waits: readonly {
    readonly name: WaitName
    readonly fromMs: number
    readonly untilMs: number
    readonly waitedMs: number
  }[]
}

/** Milliseconds of its own from which on a delay of an event loop is a cause. */
const minLoopMs = 1

/** Milliseconds between two readings up to which a wait between them is placed, and the part of longer times that it must fill. */
const [maxTickMs, minFilled] = [50, 0.8]

const ofWait = {
  target: 'target-run-queue',
  driver: 'driver-run-queue',
  backends: 'backends-run-queue',
  steal: 'steal',
} as const

const ofPause = {
  target: { gc: 'target-gc', loop: 'target-loop', retry: 'retry', connect: 'target-connect' },
  driver: { gc: 'driver-gc', loop: 'driver-loop', retry: 'retry', connect: 'new-connection' },
} as const

/**
 * The causes that were seen. An event loop is late, too, while its thread collects garbage or waits for a CPU: only the rest
 * of its delay counts as its own.
 */
export function causeSpans({ target, driver, waits }: Seen): CauseSpan[] {
  const waitSpans = waits
    // Of a reading that came late, a short wait could have been at any time.
    .filter(
      ({ fromMs, untilMs, waitedMs }) =>
        untilMs - fromMs <= maxTickMs || waitedMs >= minFilled * (untilMs - fromMs),
    )
    .map(
      ({ name, fromMs, untilMs, waitedMs }): CauseSpan => ({
        ...{ cause: ofWait[name], fromMs, untilMs },
        ms: waitedMs,
      }),
    )
  const spansOf = (role: 'target' | 'driver', pauses: readonly Pause[]) => {
    const waited = waitSpans.filter(({ cause }) => cause === ofWait[role] || cause === 'steal')
    const collected = pauses.filter(({ kind }) => kind === 'gc')
    return pauses.flatMap(({ kind, fromMs, untilMs }): CauseSpan[] => {
      const span = { cause: ofPause[role][kind], fromMs, untilMs }
      if (kind !== 'loop') return [span]
      const others = [...waited, ...collected]
      const lostMs = others.reduce((sum, other) => sum + overlapMs(other, span), 0)
      const ownMs = untilMs - fromMs - lostMs
      if (ownMs < minLoopMs) return []
      return [lostMs === 0 ? span : { ...span, ms: ownMs }]
    })
  }
  return [...spansOf('target', target), ...spansOf('driver', driver), ...waitSpans]
}
