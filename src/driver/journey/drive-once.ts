import { seeded } from '../../kit/random.ts'
import { requestFields } from '../../plan/request-fields.ts'
import { connector } from '../lean/connector.ts'
import { codeRunner } from './code-runner.ts'
import { compileJourneys } from './compile-journey.ts'
import { dataRows } from './data-rows.ts'
import type { DriverLoad } from './driver-load.ts'
import { idleLoad } from './idle-load.ts'
import { loadCode } from './load-code.ts'
import { loadCounts } from './load-counts.ts'
import { requestSender } from './request-sender.ts'
import type { TracedRequest, TracedVisit } from './trace.ts'
import { visitRunner } from './visit-runner.ts'

/**
 * Runs one visit of each journey, one after the other, and returns each request with its response and checks.
 *
 * @throws {UsageError} a module of the user cannot be loaded
 */
export async function driveOnce(load: DriverLoad): Promise<TracedVisit[]> {
  const { plan, timeout } = load
  const fieldsOf = (origin: string | undefined) =>
    requestFields(idleLoad.request, new URL(origin ?? load.url))
  const { journeys, stepNames } = compileJourneys(plan, fieldsOf)
  const counts = loadCounts(1, stepNames)
  const data = Object.values(plan.data).map((file, i) =>
    dataRows(file, load, seeded(load.seed + i)),
  )
  const sender = requestSender({
    connect: (origin) =>
      connector({ ...idleLoad, ...load.transport, connections: 1 }, new URL(origin ?? load.url)),
    ...{ maxConnections: 1, timeoutMs: timeout * 1e3, idleNow: () => {} },
  })
  let requests: TracedRequest[] = []
  let over = Promise.withResolvers<void>()
  const common = {
    ...{ sender, counts, seed: load.seed, timeoutMs: timeout * 1e3 },
    stageAt: () => 0,
    over: () => false,
    ended: () => over.resolve(),
    trace: (request: TracedRequest) => requests.push(request),
  }
  const later = (dueMs: number, resume: (nowMs: number) => void) =>
    setTimeout(() => resume(performance.now()), Math.max(0, dueMs - performance.now()))
  const steps = visitRunner({
    ...{ ...common, data, stepNames },
    pause: (visit, dueMs) => later(dueMs, (nowMs) => steps.resume(visit, nowMs)),
  })
  const code = codeRunner({
    ...{ ...common, target: new URL(load.url), fieldsOf, wake: later },
    // One visit ends by itself.
    endLoad() {},
  })
  try {
    await sender.prepare(undefined)
    const visits: TracedVisit[] = []
    for (const [i, one] of plan.journeys.entries()) {
      requests = []
      over = Promise.withResolvers()
      const dueMs = performance.now()
      const begin = { dueMs, stage: 0, visitor: i + 1 }
      const journey = journeys[i]
      if (one.module !== undefined)
        code.begin({ ...begin, journey: await loadCode(one, load) }, dueMs)
      else if (journey !== undefined) steps.begin({ ...begin, journey }, dueMs)
      await over.promise
      visits.push({ journey: one.name, requests })
    }
    return visits
  } finally {
    for (const one of data) one.close()
    sender.close()
  }
}
