import { addCount, ownValue } from '../../kit/own-value.ts'
import { type Histogram, histogram } from '../../stats/histogram/histogram.ts'
import type { VisitsReport } from '../driver.ts'
import type { Recorder } from '../recorder.ts'
import type { RequestTimes } from '../slowest.ts'
import type { StepReport } from './load-report.ts'
import type { VisitCounts } from './visit-runner.ts'

/** When something belongs to the window of a load: before it, in it, or behind it. */
export const windowStage = { before: 0, inside: 1, behind: 2 } as const

/** Counts of the visits of one load, whose stages are those of `windowStage`. */
export interface WindowCounts extends VisitCounts {
  /** A request succeeded: it was counted before, and has these times. */
  add(request: RequestTimes, nowMs: number): void
  /** Whether a visit found no row left in a data file. */
  readonly isUsedUp: boolean
  /** Visits of the window that were due and began, or did not. */
  readonly planned: number
  report(): VisitsReport
  /** How late the visits of the window began after they were due, encoded (µs). */
  lateness(): string
}

/** The requests of one step in the window. */
interface Cell {
  ok: number
  readonly failed: Record<string, number>
  readonly checks: Record<string, { passed: number; failed: number }>
  readonly latency: Histogram
}

/** Options of counts. */
interface WindowCountsOptions {
  readonly stepNames: readonly string[]
  /** Records each request, whatever its step is. */
  readonly outcomes: Recorder
  /** The stage in which a request of `stage` counts: that one, or the present one. */
  stageOf(stage: number): number
}

/**
 * Counts of 0. A response that fails a check, or does not fit a capture, has failed, whatever its status is: a quick wrong
 * response is no quick response.
 */
export function windowCounts({ stepNames, outcomes, stageOf }: WindowCountsOptions): WindowCounts {
  const cells = stepNames.map((): Cell => ({ ok: 0, failed: {}, checks: {}, latency: histogram() }))
  const visits = { began: 0, finished: 0, cut: 0, notSent: 0 }
  const lateness = histogram()
  let isUsedUp = false
  /** The first check that the present response failed. */
  let failedCheck: string | undefined
  /** Whether the request that `add` gets next belongs to the window, and why it failed. */
  let [inWindow, rejection]: [boolean, string | undefined] = [false, undefined]
  // One object for all requests: none leaves garbage to collect.
  const times = { dueMs: 0, arrivedMs: 0, sentMs: 0, connectedMs: 0, inWindow: false }

  const isInside = (stage: number): boolean => stageOf(stage) === windowStage.inside
  const takeFailedCheck = (): string | undefined => {
    const check = failedCheck
    failedCheck = undefined
    return check === undefined ? undefined : `check failed: ${check}`
  }
  const countFailed = (step: number, kind: string): void => {
    if (!inWindow) return
    const { failed } = cells[step] as Cell
    addCount(failed, kind)
  }

  return {
    began(stage, lateMs) {
      if (stage !== windowStage.inside) return
      visits.began++
      lateness.record(lateMs * 1e3)
    },
    ended(stage, isCut) {
      if (!isInside(stage)) return
      if (isCut) visits.cut++
      else visits.finished++
    },
    notSent(stage, reason) {
      isUsedUp ||= reason === 'not-sent-data-used-up'
      const isOne = isInside(stage)
      if (isOne) visits.notSent++
      outcomes.dropped(reason, { dueMs: performance.now(), inWindow: isOne })
    },
    checked(stage, step, check, passed) {
      if (!passed) failedCheck ??= check
      if (!isInside(stage)) return
      const { checks } = cells[step] as Cell
      const tally = ownValue(checks, check) ?? { passed: 0, failed: 0 }
      checks[check] = tally
      if (passed) tally.passed++
      else tally.failed++
    },
    succeeded(stage, step, ms) {
      inWindow = isInside(stage)
      rejection = takeFailedCheck()
      if (rejection !== undefined) countFailed(step, rejection)
      else if (inWindow) {
        const cell = cells[step] as Cell
        cell.ok++
        cell.latency.record(ms * 1e3)
      }
    },
    add(request, nowMs) {
      times.dueMs = request.dueMs
      times.arrivedMs = request.arrivedMs ?? request.dueMs
      times.sentMs = request.sentMs ?? request.dueMs
      times.connectedMs = request.connectedMs ?? 0
      times.inWindow = inWindow
      if (rejection === undefined) outcomes.completed(200, times, nowMs)
      else outcomes.rejected(rejection, times, nowMs)
    },
    failed(stage, step, kind, ms = 0) {
      failedCheck = undefined
      inWindow = isInside(stage)
      countFailed(step, kind)
      const nowMs = performance.now()
      const request = { dueMs: nowMs - ms, inWindow }
      if (kind.startsWith('status ')) outcomes.rejected(kind, request, nowMs)
      else if (kind === 'timed out') outcomes.timedOut(request, nowMs)
      else outcomes.failed(kind, request, nowMs)
    },
    get isUsedUp() {
      return isUsedUp
    },
    get planned() {
      return visits.began + visits.notSent
    },
    report() {
      const { began, finished, cut } = visits
      const steps = cells.flatMap((cell, i): [string, StepReport][] =>
        isUsed(cell) ? [[stepNames[i] as string, { ...cell, latency: cell.latency.encode() }]] : [],
      )
      return { began, finished, cut, steps: Object.fromEntries(steps) }
    },
    lateness: () => lateness.encode(),
  }
}

function isUsed({ ok, failed, checks }: Cell): boolean {
  return ok > 0 || Object.keys(failed).length > 0 || Object.keys(checks).length > 0
}
