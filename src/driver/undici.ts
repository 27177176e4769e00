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

/** Arrivals sent in one go when several are due at once; between two goes the answers are read. */
const mostAtOnce = 16

/**
 * Drives a load in open loop, on undici's dispatch: every request is due at its own moment, and its time
 * begins then.
 * @throws {UsageError} the load has no arrivals
 */
export async function driveOpenLoop(
  load: Load,
  url: URL,
  { moments, signal }: { readonly moments: WindowListener; readonly signal: AbortSignal },
): Promise<DriverReport> {
  signal.throwIfAborted()
  if (load.arrivals === undefined) {
    throw new UsageError('an open loop needs arrivals', 'Say at which rate requests are to come.')
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
    source.until(closedMs)
    const watched = watchLoop()
    moments.opened(openedMs)
    await wait(load.duration * 1e3, undefined, { signal })
    const loop = watched()
    const closed = requests.count
    moments.closed()

    await waitUntil(() => source.over && requests.count === 0, 2 * load.timeout + 1, signal)
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
    await requests.close()
  }
}

/** Calls `arrive`, which says whether it sent a request, whenever one is due, or soon after. */
function pace(arrive: (dueMs: number, nowMs: number) => boolean) {
  let next = (): number => Number.POSITIVE_INFINITY
  let dueMs = next()
  let endMs = Number.POSITIVE_INFINITY
  const clock = preciseTimer((nowMs) => {
    let sent = 0
    while (sent < mostAtOnce && dueMs <= nowMs && dueMs < endMs) {
      if (arrive(dueMs, nowMs)) sent++
      dueMs = next()
    }
    if (dueMs < endMs) clock.set(dueMs)
  })
  return {
    ready: clock.ready,
    begin(dueTimes: () => number): void {
      next = dueTimes
      dueMs = next()
      clock.set(dueMs)
    },
    until(atMs: number): void {
      endMs = atMs
    },
    /** Everything that is due before the end has arrived. */
    get over(): boolean {
      return dueMs >= endMs
    },
    stop: () => clock.close(),
  }
}
