import { hrtimeOffsetMs } from '../kit/clock.ts'
import type { Fault } from '../plan/faults/fault.ts'
import type { Backend } from './backend.ts'
import type { FaultsOptions, FaultTimeline } from './config.ts'
import type { TimerQueue } from './timer-queue.ts'

/** Injects the faults of a trial. */
export interface FaultInjector {
  /**
   * What happened so far.
   *
   * @throws UsageError when a killed backend could not be restarted
   */
  timeline(): Promise<FaultTimeline>
}

/** Starts to count requests by time of arrival, and schedules the begin and the end of each fault. */
export function faultInjector(
  { openedMs, faults, binSeconds, bins }: FaultsOptions,
  { backends, timers }: { readonly backends: readonly Backend[]; readonly timers: TimerQueue },
): FaultInjector {
  const startMs = openedMs - hrtimeOffsetMs()
  const elapsed = (): number => (performance.now() - startMs) / 1e3
  const times = faults.map((): { from?: number; until?: number } => ({}))
  const changes: Promise<void>[] = []
  for (const { arrivals } of backends)
    arrivals.begin(startMs, { count: bins, ms: binSeconds * 1e3 })
  const change = (i: number, edge: 'from' | 'until', { backend, effect }: Fault): void => {
    const time = times[i] as { from?: number; until?: number }
    const injected = backends[backend - 1]?.inject(edge === 'from' ? effect : undefined)
    // A fault begins at once; a recovery is complete when the backend listens again.
    if (edge === 'from') time.from = elapsed()
    const done = injected?.then(() => {
      if (edge === 'until' || effect.kind === 'restart') time.until = elapsed()
    })
    if (done !== undefined) changes.push(done)
  }
  for (const [i, fault] of faults.entries()) {
    timers.add(startMs + fault.at * 1e3, () => change(i, 'from', fault))
    if (fault.until !== undefined && fault.effect.kind !== 'restart') {
      timers.add(startMs + fault.until * 1e3, () => change(i, 'until', fault))
    }
  }

  return {
    async timeline() {
      await Promise.all(changes)
      return { received: backends.map(({ arrivals }) => arrivals.bins()), faults: times }
    },
  }
}
