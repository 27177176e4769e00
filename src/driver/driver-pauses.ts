import { type Pause, watchPauses } from '../kit/pause.ts'

/** Pauses that are kept, and milliseconds from which on a garbage collection is one. */
const [kept, shortestMs] = [2000, 0.1]

/** The pauses of a driver while it is watched. */
export interface DriverPauses extends Disposable {
  /** The last ones. */
  report(): Pause[]
}

/** Watches the calling thread until it is disposed. */
export function driverPauses(): DriverPauses {
  const pauses: Pause[] = []
  let next = 0
  const watched = watchPauses((kind, fromMs, untilMs) => {
    if (untilMs - fromMs < shortestMs) return
    pauses[next] = { kind, fromMs, untilMs }
    next = (next + 1) % kept
  })
  return {
    report: () => [...pauses],
    [Symbol.dispose]: () => watched[Symbol.dispose](),
  }
}
