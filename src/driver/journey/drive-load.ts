import { setTimeout as wait } from 'node:timers/promises'
import { preciseTimer } from '../../kit/precise-timer.ts'
import { seeded } from '../../kit/random.ts'
import { stageEdges } from '../../plan/load/curve.ts'
import { requestFields } from '../../plan/request-fields.ts'
import type { LoadSample } from '../../result/load-sample.ts'
import { dropReasons } from '../driver.ts'
import { driverPauses } from '../driver-pauses.ts'
import { connector } from '../lean/connector.ts'
import { slowReport } from '../slow-report.ts'
import { slowest } from '../slowest.ts'
import { waitUntil } from '../wait-until.ts'
import { watchLoop } from '../watch-loop.ts'
import { codeRunner } from './code-runner.ts'
import { type CompiledJourney, compileJourneys } from './compile-journey.ts'
import { dataRows } from './data-rows.ts'
import type { DriverLoad } from './driver-load.ts'
import { idleLoad } from './idle-load.ts'
import type { Journey } from './journey.ts'
import { loadCode } from './load-code.ts'
import { loadCounts } from './load-counts.ts'
import type { DriverLoadReport } from './load-report.ts'
import { pickJourney } from './pick-journey.ts'
import { levelsOf, plannedOf } from './planned-levels.ts'
import { requestSender } from './request-sender.ts'
import { timerHeap } from './timer-heap.ts'
import { userGroup } from './user-group.ts'
import type { User } from './visit.ts'
import { visitRunner } from './visit-runner.ts'
import { visitTimes } from './visit-times.ts'

/** Milliseconds between two samples, and between two adjustments of the number of users. */
const [sampleMs, usersMs] = [100, 10]
/** Maximum number of overdue visits that begin before the event loop reads responses again. */
const maxBurst = 16
/** Milliseconds from which on a visit that begins late is late because of the driver. */
const driverLateMs = 100

/** The coordinator of a load, as its driver sees it. */
export interface LoadControlled {
  /** The driver could begin. Resolves when the load begins. */
  ready(): Promise<void>
  sample(samples: readonly LoadSample[]): void
  /** Ends the load early. */
  readonly signal: AbortSignal
}

/**
 * Drives one driver's part of a load test: visits of the open model begin when they are due, users of the closed model begin
 * their journey again when it is over. Each request counts from when it was due: the first of a visit from when the visit
 * was, a later one from the end of the one before and its pause. It ends by itself, or soon after `signal` aborts, with a
 * report in both cases.
 *
 * @throws {UsageError} a module of the user cannot be loaded
 */
export async function driveLoad(
  load: DriverLoad,
  { ready, sample, signal }: LoadControlled,
): Promise<DriverLoadReport> {
  const { plan, timeout, drivers, driver } = load
  const target = new URL(load.url)
  const fieldsOf = (origin: string | undefined) =>
    requestFields(idleLoad.request, new URL(origin ?? load.url))
  const { journeys, stepNames } = compileJourneys(plan, fieldsOf)
  const choices = await Promise.all(
    plan.journeys.map(
      async (one, i): Promise<Choice> =>
        one.module === undefined
          ? { weight: one.weight, steps: journeys[i] as CompiledJourney }
          : { weight: one.weight, code: await loadCode(one, load) },
    ),
  )
  const counts = loadCounts(plan.stages.length, stepNames)
  const data = Object.values(plan.data).map((file, i) =>
    dataRows(file, load, seeded((load.seed ^ 0x5bd1e995) + i + driver)),
  )
  const edges = stageEdges(plan.stages)
  const endSeconds = edges.at(-1) as number
  const random = seeded(load.seed + driver)
  let beginMs = Number.POSITIVE_INFINITY
  let isOver = false
  let endedBy: string | undefined
  const ownEnd = new AbortController()
  const ending = AbortSignal.any([signal, ownEnd.signal])
  let unfinished = 0
  let active = 0

  const heap = timerHeap<(nowMs: number) => void>()
  const times = visitTimes(plan, load, seeded((load.seed ^ 0x3c6ef372) + driver))
  const timer = preciseTimer(fire)
  const wake = (dueMs: number, resume: (nowMs: number) => void): void => {
    heap.push(dueMs, resume)
    if (heap.nextMs === dueMs) arm()
  }
  const stageAt = (dueMs: number, from: number): number => {
    let stage = from
    const seconds = (dueMs - beginMs) / 1e3
    while (stage < plan.stages.length - 1 && seconds >= (edges[stage + 1] as number)) stage++
    return stage
  }
  const sender = requestSender({
    connect: (origin) =>
      connector(
        { ...idleLoad, ...load.transport, connections: load.connections },
        new URL(origin ?? load.url),
      ),
    maxConnections: load.maxInFlight,
    timeoutMs: timeout * 1e3,
    idleNow: () => timer.idle(),
  })
  const slow = slowest()
  using pauses = driverPauses()
  const common = {
    ...{ sender, counts, slow, stageAt, seed: load.seed, timeoutMs: timeout * 1e3 },
    over: () => isOver,
    ended: (user: User | undefined, nowMs: number, cutByEnd: boolean) => {
      active--
      if (cutByEnd) unfinished++
      if (user !== undefined && !isOver) users.visitEnded(user, nowMs)
    },
  }
  const steps = visitRunner({
    ...{ ...common, data, stepNames },
    pause: (visit, dueMs) => wake(dueMs, (nowMs) => steps.resume(visit, nowMs)),
  })
  const code = codeRunner({
    ...{ ...common, target, fieldsOf, wake },
    endLoad(reason) {
      endedBy ??= reason
      ownEnd.abort()
    },
  })
  const begin = (
    { dueMs, stage }: { readonly dueMs: number; readonly stage: number },
    { visitor, user }: { readonly visitor: number; readonly user?: User },
    nowMs: number,
  ): boolean => {
    active++
    const choice = pickJourney(choices, random)
    const visit = { dueMs, stage, visitor, user }
    if (choice.steps !== undefined) return steps.begin({ ...visit, journey: choice.steps }, nowMs)
    code.begin({ ...visit, journey: choice.code as Journey }, nowMs)
    return true
  }
  const users = userGroup({
    ...{ plan, place: load, counts, wake },
    begin: (user, dueMs, nowMs) =>
      begin({ dueMs, stage: stageAt(dueMs, 0) }, { visitor: user.number, user }, nowMs),
  })
  let visits = 0
  const arrive = (nowMs: number): boolean => {
    const dueMs = beginMs + times.dueMs
    const { stage } = times
    times.advance()
    const visitor = 1 + driver + visits++ * drivers
    if (sender.count >= load.maxInFlight) {
      const isLate = nowMs - dueMs > driverLateMs
      counts.notSent(stage, isLate ? dropReasons.driverLate : dropReasons.tooManyInFlight)
      return false
    }
    return begin({ dueMs, stage }, { visitor }, nowMs)
  }
  function fire(nowMs: number): void {
    sender.flush(nowMs)
    let sent = 0
    while (sent < maxBurst && !isOver) {
      const visitMs = beginMs + times.dueMs
      if (visitMs > nowMs && heap.nextMs > nowMs) break
      if (visitMs <= heap.nextMs) {
        if (arrive(nowMs)) sent++
      } else {
        heap.pop()(nowMs)
        sent++
      }
    }
    arm()
  }
  function arm(): void {
    const next = Math.min(beginMs + times.dueMs, heap.nextMs)
    if (next < Number.POSITIVE_INFINITY && !isOver) timer.set(next)
  }

  const timers: NodeJS.Timeout[] = []
  try {
    await Promise.all([timer.ready, sender.prepare(undefined)])
    await ready()
    beginMs = performance.now()
    const levels = levelsOf(plan, { drivers, users: () => users.active })
    const flush = () => {
      // Responses behind the last stage stay behind it: its throughput does not include them.
      const atMs = performance.now() - beginMs
      const plannedMs = Math.min(atMs, endSeconds * 1e3)
      sample(counts.samples(atMs, stageAt(beginMs + plannedMs, 0), levels.at(plannedMs)))
    }
    const watched = watchLoop({ idleMs: () => timer.idleMs })
    timers.push(setInterval(flush, sampleMs))
    if (plan.stages.some(({ model }) => model === 'closed')) {
      const adjust = () => users.adjust((performance.now() - beginMs) / 1e3, beginMs)
      adjust()
      timers.push(setInterval(adjust, usersMs))
    }
    arm()
    const end = waitFor(beginMs + endSeconds * 1e3, ending).catch(() => undefined)
    await Promise.race([end, users.finished])
    const { aborted } = ending
    // Visits that became due in the last moment.
    if (!aborted) fireRest()
    isOver = true
    while (heap.size > 0) heap.pop()(performance.now())
    if (!aborted) {
      await waitUntil(() => sender.count === 0, timeout + 1, ending).catch(() => undefined)
    }
    users.adjust(endSeconds, beginMs)
    const seconds = (performance.now() - beginMs) / 1e3
    const loop = watched.stop()
    flush()
    return {
      stages: counts.stages(plannedOf(load)),
      unfinished: unfinished + Math.max(0, active),
      seconds,
      metrics: counts.metrics(),
      busy: loop.driverBusy,
      stalled: loop.driverStalled,
      cpuSeconds: loop.cpuSeconds,
      ...(choices.some((one) => one.code) && { ownCode: code.codeMs / 1e3 / seconds }),
      aborted,
      slow: slowReport(
        { binsFromMs: beginMs, openedMs: beginMs, requests: slow.report() },
        pauses.report(),
      ),
      ...(endedBy !== undefined && { endedBy }),
    }
  } finally {
    isOver = true
    for (const one of timers) clearInterval(one)
    for (const one of data) one.close()
    sender.close()
    await timer.close()
  }

  function fireRest(): void {
    const nowMs = performance.now()
    while (beginMs + times.dueMs <= nowMs) arrive(nowMs)
  }
}

/** Waits for a time of `performance.now()`, by which a timer may fire up to a millisecond early. Rejects once `signal` aborts. */
async function waitFor(atMs: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = atMs - performance.now(); leftMs > 0; leftMs = atMs - performance.now()) {
    await wait(leftMs, undefined, { signal })
  }
}

/** A journey that a visit may take. */
interface Choice {
  readonly weight: number
  readonly steps?: CompiledJourney
  readonly code?: Journey
}
