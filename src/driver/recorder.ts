import type { Resolution } from '../plan/faults/fault.ts'
import { histogram } from '../stats/histogram/histogram.ts'
import type { Counts, DriverReport } from './driver.ts'
import { timelineRecorder } from './timeline.ts'

/** Kinds of trouble that are told apart; the rest is counted together. */
const mostKinds = 16

/** What the ledger needs to know of a request. */
export interface TimedRequest {
  /** When its time began, in ms of `performance.now()`. Closed loop: sent. Open loop: due. */
  readonly dueMs: number
  /** It belongs to the window. */
  readonly inWindow: boolean
}

/** Where a driver writes down what became of each request, and when: each exactly once. */
export interface Recorder {
  /** A complete answer. */
  completed(status: number, asked: TimedRequest, nowMs: number): void
  /** No complete answer, by the trouble named `kind`. */
  failed(kind: string, asked: TimedRequest, nowMs: number): void
  /** No complete answer within the time-out. */
  timedOut(asked: TimedRequest, nowMs: number): void
  /** An arrival that was never sent, and why. */
  dropped(why: string, asked: TimedRequest): void
  /** Answers completed in each 100 ms that are over. */
  bins(): readonly number[]
  /** The window opened at this moment. */
  opened(atMs: number): void
  report(): Recorded
}

/** The part of a driver's report that comes from the ledger. */
type Recorded = Pick<
  DriverReport,
  'window' | 'total' | 'latency' | 'meanSeconds' | 'bins' | 'errorKinds' | 'course'
>

type Writable<T> = { -readonly [key in keyof T]: T[key] }

/**
 * An empty ledger; its bins begin now. What it keeps does not grow with the requests, only with the bins. With
 * `watch` it keeps what became of requests in the course of the window too.
 */
export function recorder(watch?: Resolution): Recorder {
  const begin = performance.now()
  const total = none()
  const window = none()
  const latency = histogram()
  const bins: number[] = []
  const kinds = new Map<string, number>()
  const watched = watch && timelineRecorder(watch)
  let sumMs = 0

  const note = (outcome: keyof Counts, { dueMs, inWindow }: TimedRequest, nowMs: number): void => {
    total[outcome]++
    watched?.record(outcome, dueMs, nowMs)
    if (!inWindow) return
    window[outcome]++
    sumMs += nowMs - dueMs
  }
  const trouble = (kind: string): void => {
    const known = kinds.has(kind) || kinds.size < mostKinds ? kind : 'other'
    kinds.set(known, (kinds.get(known) ?? 0) + 1)
  }
  const binAt = (nowMs: number): number => Math.floor((nowMs - begin) / 100)

  return {
    completed(status, asked, nowMs) {
      const ok = status >= 200 && status < 300
      note(ok ? 'ok' : 'non2xx', asked, nowMs)
      if (!ok) trouble(`status ${status}`)
      if (asked.inWindow) latency.record((nowMs - asked.dueMs) * 1e3)
      const bin = binAt(nowMs)
      while (bins.length <= bin) bins.push(0)
      bins[bin] = (bins[bin] as number) + 1
    },
    failed(kind, asked, nowMs) {
      note('errors', asked, nowMs)
      trouble(kind)
    },
    timedOut(asked, nowMs) {
      note('timeouts', asked, nowMs)
      trouble('timed out')
    },
    dropped(why, asked) {
      note('dropped', asked, asked.dueMs)
      trouble(why)
    },
    bins() {
      const over = binAt(performance.now())
      while (bins.length < over) bins.push(0)
      return bins.slice(0, over)
    },
    opened: (atMs) => watched?.open(atMs),
    report() {
      const sent = window.ok + window.non2xx + window.errors + window.timeouts
      return {
        window,
        total,
        latency: latency.encode(),
        meanSeconds: sent === 0 ? 0 : sumMs / 1e3 / sent,
        bins,
        errorKinds: Object.fromEntries(kinds),
        ...(watched && { course: watched.report() }),
      }
    },
  }
}

function none(): Writable<Counts> {
  return { ok: 0, non2xx: 0, errors: 0, timeouts: 0, dropped: 0 }
}
