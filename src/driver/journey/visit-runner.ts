import { type Random, seeded } from '../../kit/random.ts'
import type { Slowest } from '../slowest.ts'
import type { CompiledJourney, CompiledRequest } from './compile-journey.ts'
import { cookieLine, takeCookies } from './cookies.ts'
import type { DataRows } from './data-rows.ts'
import type { LoadCounts } from './load-counts.ts'
import type { RequestSender } from './request-sender.ts'
import { clearParts } from './response-parts.ts'
import { type CheckOutcome, type TracedRequest, traced } from './trace.ts'
import { type User, type Visit, visitStore } from './visit.ts'

/** A visit to begin. Times are milliseconds of `performance.now()`. */
interface Begin {
  readonly journey: CompiledJourney
  readonly dueMs: number
  readonly stage: number
  readonly visitor: number
  readonly user?: User | undefined
}

/** Runs visits through journeys of steps, without promises: each response leads to the next request. */
export interface VisitRunner {
  /** Begins a visit; returns whether it sent a request. */
  begin(visit: Begin, nowMs: number): boolean
  /** Goes on with a visit whose pause is over. */
  resume(visit: Visit, nowMs: number): void
}

/** Counts what happens to visits and their requests. */
export type VisitCounts = Pick<
  LoadCounts,
  'began' | 'ended' | 'notSent' | 'succeeded' | 'failed' | 'checked'
>

/** The surroundings of the visits of one load. */
export interface RunnerOptions {
  readonly sender: RequestSender
  readonly counts: VisitCounts
  /** Gets each request that succeeded, right after it was counted, with its times. */
  readonly slow?: Pick<Slowest, 'add'>
  readonly data: readonly DataRows[]
  readonly seed: number
  readonly timeoutMs: number
  /** The stage of a time, which is no earlier than `from`. */
  stageAt(dueMs: number, from: number): number
  /** Resumes a visit at a time. */
  pause(visit: Visit, dueMs: number): void
  /** Whether no further request is sent. */
  readonly over: () => boolean
  /** Names of steps, by the index that they are counted under. */
  readonly stepNames: readonly string[]
  /** Gets each request with its whole response and its checks. */
  readonly trace?: (request: TracedRequest) => void
  /** A visit is over; `unfinished`: since the load is. */
  ended(user: User | undefined, nowMs: number, unfinished: boolean): void
}

/** The outcome of a request. */
interface Outcome {
  status: number
  failure: string | undefined
  /** Milliseconds from when it was due. */
  ms: number
}

/** Distance of the seeds of two visits. */
const seedStep = 0x2545f491

/** A runner of visits. */
export function visitRunner(options: RunnerOptions): VisitRunner {
  const { sender, counts, slow, stageAt, over, seed, timeoutMs, trace } = options
  const shared: Random = seeded(seed)
  let usedUp: Visit | undefined
  /** Checks of the current response, where they are shown. */
  const outcomes: CheckOutcome[] | undefined = trace && []
  // One object for all responses: none leaves garbage to collect.
  const outcome: Outcome = { status: 0, failure: undefined, ms: 0 }
  const store = visitStore({
    ...{ random: shared, data: options.data, timeoutMs },
    dataUsedUp: (visit) => {
      usedUp = visit
    },
    done: (visit, status, failure, nowMs) => responded(visit, status, failure, nowMs),
  })

  const end = (visit: Visit, nowMs: number, how: 'finished' | 'cut' | 'unfinished'): void => {
    if (how !== 'unfinished') counts.ended(visit.began, how === 'cut')
    const { user } = visit
    store.giveBack(visit)
    options.ended(user, nowMs, how === 'unfinished')
  }
  /** Goes to the step that is due at `dueMs`; returns whether it sent a request. */
  const proceed = (visit: Visit, dueMs: number, nowMs: number): boolean => {
    let due = dueMs
    for (;;) {
      const step = visit.journey.steps[visit.step]
      if (step === undefined) {
        end(visit, nowMs, 'finished')
        return false
      }
      if (over()) {
        end(visit, nowMs, 'unfinished')
        return false
      }
      if (step.kind === 'request') return send(visit, step, due, nowMs)
      visit.step++
      due += step.draw(visit.random)
      if (due > nowMs) {
        visit.dueMs = due
        options.pause(visit, due)
        return false
      }
    }
  }
  const send = (visit: Visit, step: CompiledRequest, dueMs: number, nowMs: number): boolean => {
    visit.dueMs = dueMs
    visit.arrivedMs = nowMs
    visit.stage = stageAt(dueMs, visit.stage)
    visit.isHead = step.isHead
    visit.origin = step.origin
    const { kept, cookies } = visit
    kept.wantsHead = step.wantsHead || trace !== undefined
    kept.wantsBody = step.wantsBody || trace !== undefined
    visit.bytes =
      step.fixed !== undefined && cookies.size === 0
        ? step.fixed
        : step.text(visit, cookieLine(cookies))
    if (usedUp === visit) {
      usedUp = undefined
      counts.notSent(visit.stage, 'not-sent-data-used-up')
      end(visit, nowMs, 'cut')
      return false
    }
    return sender.submit(visit, nowMs)
  }
  /** Makes the checks of a response; returns whether those of the status accept it. */
  const check = (visit: Visit, step: CompiledRequest, outcome: Outcome): boolean => {
    let accepted = step.checksStatus
    for (const one of step.checks) {
      const { status, failure, ms } = outcome
      const passed = failure === undefined && one.passes(status, ms / 1e3, visit.parts)
      if (one.isOfStatus && !passed) accepted = false
      counts.checked(visit.stage, step.counted, one.text, passed)
      outcomes?.push({ text: one.text, passed })
    }
    return accepted
  }
  /** Takes the captures of a response; returns whether all of them fit. */
  const capture = (visit: Visit, step: CompiledRequest, failure: string | undefined): boolean => {
    let fits = true
    for (const one of step.captures) {
      const value =
        failure === undefined ? one.take(visit.parts, (name) => visit.cookies.get(name)) : undefined
      counts.checked(visit.stage, step.counted, one.text, value !== undefined)
      outcomes?.push({ text: one.text, passed: value !== undefined })
      if (value === undefined) fits = false
      visit.captured[one.slot] = value
    }
    return fits
  }
  /** Returns whether it succeeded. */
  const count = (stage: number, step: number, outcome: Outcome, accepted: boolean): boolean => {
    const { status, failure, ms } = outcome
    const isRefused = failure === undefined && status >= 400 && !accepted
    const kind = isRefused ? `status ${status}` : failure
    if (kind === undefined) counts.succeeded(stage, step, ms)
    else counts.failed(stage, step, kind, ms)
    return kind === undefined
  }
  const responded = (
    visit: Visit,
    status: number,
    failure: string | undefined,
    nowMs: number,
  ): void => {
    const step = visit.journey.steps[visit.step] as CompiledRequest
    const { parts, user } = visit
    outcome.status = status
    outcome.failure = failure
    outcome.ms = nowMs - visit.dueMs
    if (parts.kept.head !== undefined) takeCookies(visit.cookies, parts.kept.head)
    const accepted = check(visit, step, outcome)
    const fits = capture(visit, step, failure)
    // After its checks, which may decide whether it succeeded.
    if (count(visit.stage, step.counted, outcome, accepted)) slow?.add(visit, nowMs)
    if (outcomes !== undefined && trace !== undefined) {
      const name = options.stepNames[step.counted] ?? ''
      const { ms } = outcome
      const checks = outcomes.splice(0)
      trace(traced({ step: name, bytes: visit.bytes, ms, failure, checks }, parts))
    }
    clearParts(parts)
    if (user !== undefined) user.refused = failure === undefined ? 0 : user.refused + 1
    if (!fits) {
      end(visit, nowMs, 'cut')
      return
    }
    visit.step++
    proceed(visit, nowMs, nowMs)
  }

  return {
    begin({ journey, dueMs, stage, visitor, user }, nowMs) {
      const visit = store.take()
      visit.journey = journey
      visit.step = 0
      visit.stage = stage
      visit.began = stage
      visit.visitor = visitor
      visit.user = user
      visit.iteration = user === undefined ? 0 : user.visits
      visit.random = journey.isRandom
        ? seeded((seed + Math.imul(visitor, seedStep) + visit.iteration) | 0)
        : shared
      counts.began(stage, nowMs - dueMs)
      return proceed(visit, dueMs, nowMs)
    },
    resume(visit, nowMs) {
      proceed(visit, visit.dueMs, nowMs)
    },
  }
}
