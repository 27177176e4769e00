import { setTimeout as wait } from 'node:timers/promises'
import { UsageError } from '../../kit/errors.ts'
import { preciseTimer } from '../../kit/precise-timer.ts'
import { seeded } from '../../kit/random.ts'
import { withoutPauses } from '../../plan/load/compared-visits.ts'
import type { Load } from '../../plan/plan.ts'
import { requestFields } from '../../plan/request-fields.ts'
import { streamsOf, transportOf } from '../../plan/transport.ts'
import { arrivals } from '../arrivals.ts'
import { backoffMs } from '../backoff.ts'
import { type DriverReport, dropReasons, type LoadControl } from '../driver.ts'
import { driverPauses } from '../driver-pauses.ts'
import { connector } from '../lean/connector.ts'
import { recorder } from '../recorder.ts'
import { slowReport } from '../slow-report.ts'
import { waitUntil } from '../wait-until.ts'
import { watchLoop } from '../watch-loop.ts'
import { compileJourneys } from './compile-journey.ts'
import { dataRows } from './data-rows.ts'
import { idleLoad } from './idle-load.ts'
import { pickJourney } from './pick-journey.ts'
import { requestSender } from './request-sender.ts'
import { timerHeap } from './timer-heap.ts'
import type { User } from './visit.ts'
import { visitRunner } from './visit-runner.ts'
import { type WindowCounts, windowCounts, windowStage } from './window-counts.ts'

/** Maximum number of overdue visits that begin before the event loop reads responses again. */
const maxBurst = 16
/** Milliseconds from which on a visit that begins late is late because of the driver. */
const driverLateMs = 100

/**
 * Drives visits in the trial of a comparison. Open loop: visits arrive at a rate; the first request of each counts from when
 * the visit was due, a later one from the end of the one before and its pause. Closed loop: as many users as connections,
 * each of which begins its next visit at once, and goes from request to request without the pauses.
 *
 * @throws {UsageError} the load has no visits
 */
export async function driveVisits(
  load: Load,
  url: URL,
  { control, signal }: { readonly control: LoadControl; readonly signal: AbortSignal },
): Promise<DriverReport> {
  signal.throwIfAborted()
  const { visits, timeout } = load
  if (visits === undefined) {
    throw new UsageError('a load of visits needs journeys', 'Give what a visit does.')
  }
  const isOpen = load.arrivals !== undefined
  const slots = load.connections * streamsOf(load)
  const fieldsOf = (origin: string | undefined) =>
    requestFields(idleLoad.request, new URL(origin ?? url.href))
  const { journeys, stepNames } = compileJourneys(isOpen ? visits : withoutPauses(visits), fieldsOf)
  const data = Object.values(visits.data).map((file, i) =>
    dataRows(file, visits, seeded((load.seed ^ 0x5bd1e995) + i)),
  )
  const random = seeded(load.seed)
  let [openedMs, closedMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let isOver = false
  let visitors = 0
  let facts: (() => DriverReport['connections']) | undefined
  const stageAt = (ms: number): number => {
    if (ms < openedMs) return windowStage.before
    return ms < closedMs ? windowStage.inside : windowStage.behind
  }

  using pauses = driverPauses()
  const heap = timerHeap<(nowMs: number) => void>()
  let next = (): number => Number.POSITIVE_INFINITY
  let dueMs = next()
  /** A visit is due; returns whether it sent a request. */
  let arrive: (nowMs: number) => boolean = () => false
  const timer = preciseTimer(fire, { spin: load.spin === true })
  const wake = (atMs: number, resume: (nowMs: number) => void): void => {
    heap.push(atMs, resume)
    if (heap.nextMs === atMs) arm()
  }
  const maxInFlight = load.arrivals?.maxInFlight ?? slots
  const sender = requestSender({
    connect: async (origin) => {
      const connections = await connector(
        { ...idleLoad, ...transportOf(load), connections: load.connections },
        new URL(origin ?? url.href),
      )
      facts ??= connections.facts
      return connections
    },
    maxConnections: maxInFlight,
    timeoutMs: timeout * 1e3,
    idleNow: () => timer.idle(),
  })
  try {
    await Promise.all([timer.ready, sender.prepare(undefined)])
    await control.ready()
    // Its bins of responses begin when it is made: with the load.
    const outcomes = recorder(load.watch)
    const counts = windowCounts({
      stepNames,
      outcomes,
      // In a closed loop requests belong to the window in which they end.
      stageOf: (stage) => (isOpen ? stage : stageAt(performance.now())),
    })
    const runner = visitRunner({
      ...{ sender, counts, slow: counts, data, stepNames, seed: load.seed },
      timeoutMs: timeout * 1e3,
      stageAt: (ms) => stageAt(ms),
      pause: (visit, atMs) => wake(atMs, (nowMs) => runner.resume(visit, nowMs)),
      over: () => isOver,
      ended(user, nowMs) {
        if (user !== undefined && !isOver && !counts.isUsedUp) again(user, nowMs)
      },
    })
    const begin = (visitDueMs: number, nowMs: number, user?: User): boolean => {
      const visitor = user?.number ?? 1 + visits.driver + visitors++ * visits.drivers
      const journey = pickJourney(journeys, random)
      return runner.begin(
        { journey, dueMs: visitDueMs, stage: stageAt(visitDueMs), visitor, user },
        nowMs,
      )
    }
    /** The next visit of a user, who waits first where several requests in a row had no response. */
    const again = (user: User, nowMs: number): void => {
      user.visits++
      const atMs = nowMs + backoffMs(user.refused)
      if (atMs > nowMs) wake(atMs, (wokenMs) => begin(atMs, wokenMs, user))
      else begin(nowMs, nowMs, user)
    }
    arrive = (nowMs) => {
      const visitMs = dueMs
      dueMs = next()
      if (visitMs >= closedMs) return false
      if (sender.count < maxInFlight) return begin(visitMs, nowMs)
      const isLate = nowMs - visitMs > driverLateMs
      counts.notSent(
        stageAt(visitMs),
        isLate ? dropReasons.driverLate : dropReasons.tooManyInFlight,
      )
      return false
    }
    const beginMs = performance.now()
    if (load.arrivals !== undefined) {
      next = arrivals(load.arrivals, beginMs, seeded(load.seed ^ 0x3c6ef372))
      dueMs = next()
      arm()
    } else {
      for (let i = 0; i < slots; i++) {
        const number = 1 + visits.driver + i * visits.drivers
        begin(beginMs, beginMs, { number, visits: 0, refused: 0 })
      }
    }
    const warm = await control.warmUp(outcomes.bins)
    openedMs = performance.now()
    closedMs = openedMs + load.duration * 1e3
    outcomes.opened(openedMs)
    const opened = sender.count
    const watched = watchLoop({ idleMs: () => timer.idleMs })
    control.opened()
    await wait(load.duration * 1e3, undefined, { signal })
    const loop = watched.stop()
    const nowMs = performance.now()
    // Node's timers may be early by a millisecond; visits that became due in the last moment still begin.
    if (!isOpen) closedMs = nowMs
    while (dueMs < closedMs && dueMs <= nowMs) arrive(nowMs)
    const closed = sender.count
    control.closed()
    isOver = true
    while (heap.size > 0) heap.pop()(nowMs)
    await waitUntil(() => sender.count === 0, timeout + 1, signal)
    return {
      ...outcomes.report(),
      visits: counts.report(),
      ...factsOf(facts),
      slow: slowReport(outcomes.slow(), pauses.report()),
      windowSeconds: isOpen ? load.duration : (nowMs - openedMs) / 1e3,
      warmupSeconds: warm.seconds,
      steady: warm.steady,
      inFlight: { opened, closed },
      ...(isOpen && arrivalsOf(load, counts)),
      ...loop,
    }
  } finally {
    isOver = true
    for (const one of data) one.close()
    sender.close()
    await timer.close()
  }

  function fire(nowMs: number): void {
    sender.flush(nowMs)
    let sent = 0
    while (sent < maxBurst && !isOver && Math.min(dueMs, heap.nextMs) <= nowMs) {
      if (dueMs <= heap.nextMs) {
        if (arrive(nowMs)) sent++
      } else {
        heap.pop()(nowMs)
        sent++
      }
    }
    arm()
  }
  function arm(): void {
    const atMs = Math.min(dueMs, heap.nextMs)
    if (atMs < Number.POSITIVE_INFINITY && !isOver) timer.set(atMs)
  }
}

/** How its connections were made, once they were prepared. */
function factsOf(
  facts: (() => DriverReport['connections']) | undefined,
): Pick<DriverReport, 'connections'> {
  const connections = facts?.()
  return connections === undefined ? {} : { connections }
}

/** The part of the report of an open loop. */
function arrivalsOf(
  { spin }: Load,
  counts: WindowCounts,
): Pick<DriverReport, 'planned' | 'lateness' | 'pacing'> {
  const { planned } = counts
  return { planned, lateness: counts.lateness(), pacing: spin === true ? 'spin' : 'sleep' }
}
