import { setTimeout as wait } from 'node:timers/promises'
import { UsageError } from '../kit/errors.ts'
import { preciseTimer } from '../kit/precise-timer.ts'
import { seeded } from '../kit/random.ts'
import type { Load } from '../plan/plan.ts'
import { arrivals } from './arrivals.ts'
import type { DriverReport, LoadControl } from './driver.ts'
import { driverPauses } from './driver-pauses.ts'
import { type InFlightRequests, inFlightRequests } from './in-flight.ts'
import { connector } from './lean/connector.ts'
import { slowReport } from './slow-report.ts'
import { waitUntil } from './wait-until.ts'
import { type WatchedLoop, watchLoop } from './watch-loop.ts'

/** Arrivals per second that come often enough to show that the event loop runs. */
const minTickedRate = 1000

/** Maximum number of overdue arrivals that are sent before the event loop reads responses again. */
const maxBurst = 16

/**
 * Drives an open loop on raw sockets: every request is due at its own time, from which its latency counts.
 * @throws {UsageError} the load has no arrivals
 */
export async function driveOpenLoop(
  load: Load,
  url: URL,
  { control, signal }: { readonly control: LoadControl; readonly signal: AbortSignal },
): Promise<DriverReport> {
  signal.throwIfAborted()
  if (load.arrivals === undefined) {
    throw new UsageError('an open loop needs arrivals', 'Give the rate of requests.')
  }
  using pauses = driverPauses()
  let made: InFlightRequests | undefined
  let watched: WatchedLoop | undefined
  const source = pace(
    (dueMs, nowMs) => {
      watched?.tick(nowMs)
      return made?.arrival(dueMs, nowMs) ?? false
    },
    { spin: load.spin === true },
  )
  try {
    const [connections] = await Promise.all([connector(load, url), source.ready])
    await control.ready()
    // Its bins of responses begin when it is made: with the load.
    const requests = inFlightRequests(load, connections, source.idle)
    made = requests
    source.begin(arrivals(load.arrivals, performance.now(), seeded(load.seed)))
    const warm = await control.warmUp(requests.bins)
    const openedMs = performance.now()
    const opened = requests.count
    const closedMs = openedMs + load.duration * 1e3
    requests.setWindow(openedMs, closedMs)
    source.endAt(closedMs)
    const ticked = load.arrivals.rate >= minTickedRate
    watched = watchLoop({ ticked, idleMs: () => source.idleMs })
    control.opened()
    await wait(load.duration * 1e3, undefined, { signal })
    const loop = watched.stop()
    watched = undefined
    const closed = requests.count
    control.closed()

    await waitUntil(() => source.ended && requests.count === 0, 2 * load.timeout + 1, signal)
    return {
      ...requests.report(),
      slow: slowReport(requests.slow(), pauses.report()),
      windowSeconds: load.duration,
      warmupSeconds: warm.seconds,
      steady: warm.steady,
      inFlight: { opened, closed },
      pacing: load.spin === true ? 'spin' : 'sleep',
      ...loop,
    }
  } finally {
    await source.stop()
    made?.close()
  }
}

/** Calls `arrival` when a request is due, or soon after; it returns whether it sent one. */
function pace(
  arrival: (dueMs: number, nowMs: number) => boolean,
  options: { readonly spin: boolean },
) {
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
  }, options)
  return {
    ready: timer.ready,
    /** Nothing is in flight: there is nothing to do before the next arrival. */
    idle: () => timer.idle(),
    get idleMs(): number {
      return timer.idleMs
    },
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
