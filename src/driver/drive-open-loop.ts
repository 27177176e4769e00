import { setTimeout as wait } from 'node:timers/promises'
import { UsageError } from '../kit/errors.ts'
import { preciseTimer } from '../kit/precise-timer.ts'
import { seeded } from '../kit/random.ts'
import type { Load } from '../plan/plan.ts'
import { arrivals } from './arrivals.ts'
import type { DriverReport, WindowListener } from './driver.ts'
import { inFlightRequests } from './in-flight.ts'
import { waitUntil, warmUp } from './phases.ts'
import { watchLoop } from './watch-loop.ts'

/** Maximum number of overdue arrivals that are sent before the event loop reads responses again. */
const maxBurst = 16

/**
 * Drives an open loop on raw sockets: every request is due at its own time, from which its latency counts.
 * @throws {UsageError} the load has no arrivals
 */
export async function driveOpenLoop(
  load: Load,
  url: URL,
  { listener, signal }: { readonly listener: WindowListener; readonly signal: AbortSignal },
): Promise<DriverReport> {
  signal.throwIfAborted()
  if (load.arrivals === undefined) {
    throw new UsageError('an open loop needs arrivals', 'Give the rate of requests.')
  }
  const requests = inFlightRequests(load, url)
  const source = pace(requests.arrival)
  try {
    await source.ready
    source.begin(arrivals(load.arrivals, performance.now(), seeded(load.seed)))
    const warm = await warmUp(load.warmup, requests.bins, signal)
    const openedMs = performance.now()
    const opened = requests.count
    const closedMs = openedMs + load.duration * 1e3
    requests.setWindow(openedMs, closedMs)
    source.endAt(closedMs)
    const stopWatching = watchLoop()
    listener.opened(openedMs)
    await wait(load.duration * 1e3, undefined, { signal })
    const loop = stopWatching()
    const closed = requests.count
    listener.closed()

    await waitUntil(() => source.ended && requests.count === 0, 2 * load.timeout + 1, signal)
    return {
      ...requests.report(),
      windowSeconds: load.duration,
      warmupSeconds: warm.seconds,
      steady: warm.steady,
      inFlight: { opened, closed },
      ...loop,
    }
  } finally {
    await source.stop()
    requests.close()
  }
}

/** Calls `arrival` when a request is due, or soon after; it returns whether it sent one. */
function pace(arrival: (dueMs: number, nowMs: number) => boolean) {
  let next = (): number => Number.POSITIVE_INFINITY
  let dueMs = next()
  let endMs = Number.POSITIVE_INFINITY
  const timer = preciseTimer((nowMs) => {
    let sent = 0
    while (sent < maxBurst && dueMs <= nowMs && dueMs < endMs) {
      if (arrival(dueMs, nowMs)) sent++
      dueMs = next()
    }
    if (dueMs < endMs) timer.set(dueMs)
  })
  return {
    ready: timer.ready,
    begin(dueTimes: () => number): void {
      next = dueTimes
      dueMs = next()
      timer.set(dueMs)
    },
    /** Arrivals from this time on are left out. */
    endAt(atMs: number): void {
      endMs = atMs
    },
    /** Whether all arrivals before the end have been handled. */
    get ended(): boolean {
      return dueMs >= endMs
    },
    stop: () => timer.close(),
  }
}
