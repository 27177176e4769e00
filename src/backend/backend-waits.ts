import { lastPauses } from '../kit/last-pauses.ts'
import { type Pause, watchTicks } from '../kit/pause.ts'
import { longestWaits } from './longest-waits.ts'

/** The waits of a process of backends: of requests in its queues, and of its thread for a CPU. */
export interface BackendWaits extends Disposable {
  /** Notes the wait of a request, in ms of `performance.now()`. */
  note(fromMs: number, untilMs: number): void
  /** The longest waits of requests, and the last ones for a CPU, in ms of the host's clock. */
  report(): Pause[]
}

/** Watches the calling thread until it is disposed. */
export function backendWaits(watch: typeof watchTicks = watchTicks): BackendWaits {
  const requests = longestWaits()
  const thread = lastPauses()
  const watched = watch((kind, fromMs, untilMs) => {
    // Of a late event loop no cause is named.
    if (kind === 'wait') thread.note(kind, fromMs, untilMs)
  })
  return {
    note: requests.note,
    report: () => [...requests.report(), ...thread.report()],
    [Symbol.dispose]: () => watched[Symbol.dispose](),
  }
}
