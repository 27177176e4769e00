import { hrtimeOffsetMs } from '../kit/precise-timer.ts'
import type { Fault } from '../plan/faults/fault.ts'
import type { Backend } from './backend.ts'
import type { BackendsWatch, FaultsOptions } from './config.ts'
import type { TimerQueue } from './timer-queue.ts'

/** Faults that are under way, and what backends saw meanwhile. */
export interface FaultInjector {
  /**
   * What was seen so far.
   * @throws {UsageError} a backend could not be brought back
   */
  watched(): Promise<BackendsWatch>
}

/** Begins to count requests by when they arrive, and brings each fault on when it is due, and to its end. */
export function faultInjector(
  { openedMs, faults, binSeconds, bins }: FaultsOptions,
  { backends, agenda }: { readonly backends: readonly Backend[]; readonly agenda: TimerQueue },
): FaultInjector {
  const from = openedMs - hrtimeOffsetMs()
  const since = (): number => (performance.now() - from) / 1e3
  const moments = faults.map((): { from?: number; until?: number } => ({}))
  const changes: Promise<void>[] = []
  for (const { arrivals } of backends) arrivals.begin(from, { count: bins, ms: binSeconds * 1e3 })
  const change = (i: number, edge: 'from' | 'until', { backend, ails }: Fault): void => {
    const moment = moments[i] as { from?: number; until?: number }
    const became = backends[backend - 1]?.befall(edge === 'from' ? ails : undefined)
    // A backend that comes back is back once it listens; a fault is there at once.
    if (edge === 'from') moment.from = since()
    const done = became?.then(() => {
      if (edge === 'until' || ails.kind === 'restart') moment.until = since()
    })
    if (done !== undefined) changes.push(done)
  }
  for (const [i, fault] of faults.entries()) {
    agenda.add(from + fault.at * 1e3, () => change(i, 'from', fault))
    if (fault.until !== undefined && fault.ails.kind !== 'restart') {
      agenda.add(from + fault.until * 1e3, () => change(i, 'until', fault))
    }
  }

  return {
    async watched() {
      await Promise.all(changes)
      return { received: backends.map(({ arrivals }) => arrivals.bins()), faults: moments }
    },
  }
}
