import type { Resolution } from '../plan/faults/fault.ts'
import { histogram } from '../stats/histogram/histogram.ts'
import { type Counts, type DriverReport, isDropReason, maxErrorKinds } from './driver.ts'
import type { SlowRequests } from './slow-report.ts'
import { type RequestTimes, slowest } from './slowest.ts'
import { timelineRecorder } from './timeline.ts'

/** A request, as far as the recorder needs it. */
export interface TimedRequest extends RequestTimes {
  /** When its time begins, in ms of `performance.now()`. Closed loop: when it was sent. Open loop: when it was due. */
  readonly dueMs: number
  /** Whether it belongs to the window. */
  readonly inWindow: boolean
}

/** Records the outcome of each request of a driver. Each request is recorded exactly once. */
export interface Recorder {
  /** A complete response. */
  completed(status: number, request: TimedRequest, nowMs: number): void
  /** A complete response that is none of success, for this reason. */
  rejected(kind: string, request: TimedRequest, nowMs: number): void
  /** No complete response, because of a failure of this kind. */
  failed(kind: string, request: TimedRequest, nowMs: number): void
  /** No complete response within the time-out. */
  timedOut(request: TimedRequest, nowMs: number): void
  /** An arrival that was never sent, for this reason. */
  dropped(reason: string, request: TimedRequest): void
  /** Responses completed in each 100 ms that have passed. */
  bins(): readonly number[]
  /** The window opened at this time. */
  opened(atMs: number): void
  report(): RecordedPart
  /** The slowest requests of the window. */
  slow(): SlowRequests
}

/** The part of a driver's report that the recorder provides. */
type RecordedPart = Pick<
  DriverReport,
  | 'window'
  | 'total'
  | 'latency'
  | 'meanSeconds'
  | 'okMeanSeconds'
  | 'bins'
  | 'errorKinds'
  | 'course'
>

type Writable<T> = { -readonly [key in keyof T]: T[key] }

/**
 * An empty recorder, whose bins begin now. Its memory grows with the bins, not with the requests. With `watch` it also
 * records outcomes over the window.
 */
export function recorder(watch?: Resolution): Recorder {
  const begin = performance.now()
  const total = none()
  const window = none()
  const latency = histogram()
  const bins: number[] = []
  const kinds = new Map<string, number>()
  const slow = slowest()
  const timeline = watch && timelineRecorder(watch)
  let openedMs = Number.NEGATIVE_INFINITY
  let sumMs = 0
  let okSumMs = 0

  const record = (
    outcome: keyof Counts,
    { dueMs, inWindow }: TimedRequest,
    nowMs: number,
  ): void => {
    total[outcome]++
    timeline?.record(outcome, dueMs, nowMs)
    if (!inWindow) return
    window[outcome]++
    // Of a request that was sent before, Little's law counts the time in the window only.
    sumMs += nowMs - Math.max(dueMs, openedMs)
  }
  const countKind = (kind: string): void => {
    const named = kinds.has(kind) || kinds.size < maxErrorKinds || isDropReason(kind)
    const name = named ? kind : 'other'
    kinds.set(name, (kinds.get(name) ?? 0) + 1)
  }
  const binAt = (nowMs: number): number => Math.floor((nowMs - begin) / 100)

  const countResponse = (nowMs: number): void => {
    const bin = binAt(nowMs)
    while (bins.length <= bin) bins.push(0)
    bins[bin] = (bins[bin] as number) + 1
  }
  const rejected: Recorder['rejected'] = (kind, request, nowMs) => {
    record('non2xx', request, nowMs)
    countKind(kind)
    countResponse(nowMs)
  }

  return {
    completed(status, request, nowMs) {
      if (status < 200 || status >= 300) {
        rejected(`status ${status}`, request, nowMs)
        return
      }
      record('ok', request, nowMs)
      if (request.inWindow) {
        // A quick refusal is no quick response: what failed enters no percentile and no mean.
        latency.record((nowMs - request.dueMs) * 1e3)
        okSumMs += nowMs - request.dueMs
        slow.add(request, nowMs)
      }
      countResponse(nowMs)
    },
    rejected,
    failed(kind, request, nowMs) {
      record('errors', request, nowMs)
      countKind(kind)
    },
    timedOut(request, nowMs) {
      record('timeouts', request, nowMs)
      countKind('timed out')
    },
    dropped(reason, request) {
      record('dropped', request, request.dueMs)
      countKind(reason)
    },
    bins() {
      const passed = binAt(performance.now())
      while (bins.length < passed) bins.push(0)
      return bins.slice(0, passed)
    },
    opened(atMs) {
      openedMs = atMs
      timeline?.open(atMs)
    },
    slow: () => ({ binsFromMs: begin, openedMs, requests: slow.report() }),
    report() {
      const sent = window.ok + window.non2xx + window.errors + window.timeouts
      return {
        window,
        total,
        latency: latency.encode(),
        meanSeconds: sent === 0 ? 0 : sumMs / 1e3 / sent,
        ...(window.ok > 0 && { okMeanSeconds: okSumMs / 1e3 / window.ok }),
        bins,
        errorKinds: Object.fromEntries(kinds),
        ...(timeline && { course: timeline.report() }),
      }
    },
  }
}

function none(): Writable<Counts> {
  return { ok: 0, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }
}
