import { lastPauses } from '../kit/last-pauses.ts'
import { type Pause, watchPauses } from '../kit/pause.ts'

/** Milliseconds from which on a garbage collection is a pause. */
const shortestMs = 0.1

/** The pauses of a driver while it is watched. */
export interface DriverPauses extends Disposable {
  /** The last ones. */
  report(): Pause[]
}

/** Watches the calling thread until it is disposed. */
export function driverPauses(): DriverPauses {
  const pauses = lastPauses()
  const watched = watchPauses((kind, fromMs, untilMs) => {
    if (untilMs - fromMs >= shortestMs) pauses.note(kind, fromMs, untilMs)
  })
  return {
    report: pauses.report,
    [Symbol.dispose]: () => watched[Symbol.dispose](),
  }
}
