import type { Load } from '../plan/plan.ts'
import { histogram } from '../stats/histogram/histogram.ts'
import { connectFailures } from './backoff.ts'
import { type DriverReport, dropReasons } from './driver.ts'
import { type Connection, type ConnectionListener, connector } from './lean/connection.ts'
import { pool } from './pool.ts'
import { queue } from './queue.ts'
import { recorder, type TimedRequest } from './recorder.ts'

/** Milliseconds between two checks for requests that have timed out: a hundredth of the time-out, within these bounds. */
const [minCheckMs, maxCheckMs] = [5, 50]

/** The requests of an open loop, from their arrival to their outcome. Times are milliseconds of `performance.now()`. */
export interface InFlightRequests {
  /** A request is due: it is sent, queued in the backlog, or recorded as not sent. Returns whether it was sent. */
  arrival(dueMs: number, nowMs: number): boolean
  /** Requests that are due from `openedMs` to before `closedMs` belong to the window. */
  setWindow(openedMs: number, closedMs: number): void
  /** Requests in flight. */
  readonly count: number
  bins(): readonly number[]
  /** The outcomes; requests that are still in flight are recorded as failed. */
  report(): Omit<DriverReport, 'windowSeconds' | 'warmupSeconds' | 'steady' | 'inFlight'>
  close(): void
}

/**
 * The requests of `load`, on connections that are opened when they are first needed. `idleNow` is called when the last one
 * in flight has ended.
 */
export function inFlightRequests(
  load: Load,
  url: URL,
  idleNow: () => void = () => {},
): InFlightRequests {
  const timeoutMs = load.timeout * 1e3
  const outcomes = recorder(load.watch)
  const service = histogram()
  const lateness = histogram()
  const failures = connectFailures()
  // In the order in which they were sent.
  const inFlight = new Set<Connection>()
  let [openedMs, closedMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let planned = 0
  let lastSentMs = Number.NEGATIVE_INFINITY
  /**
   * Arrivals that wait only because the driver was late: a connection was free when they were due, and was taken by
   * a request that was sent since. Dropping them would blame the target for a pause of the driver.
   */
  const backlog = queue<number>()

  const complete = (one: Connection): void => {
    inFlight.delete(one)
    if (one.inWindow) lateness.record((one.sentMs - one.dueMs) * 1e3)
  }
  const listener: ConnectionListener = {
    completed(one, status) {
      const nowMs = performance.now()
      complete(one)
      failures.connected()
      if (one.inWindow) service.record((nowMs - one.sentMs) * 1e3)
      outcomes.completed(status, one, nowMs)
    },
    failed(one, kind, connected) {
      const nowMs = performance.now()
      complete(one)
      if (connected) failures.connected()
      else failures.add(one.sentMs, nowMs)
      outcomes.failed(kind, one, nowMs)
    },
    free(one) {
      idle.add(one)
      if (backlog.size > 0) sendBacklog(performance.now())
      if (inFlight.size === 0) idleNow()
    },
  }
  const checkTimeouts = (): void => {
    const nowMs = performance.now()
    for (const one of inFlight) {
      if (one.sentMs + timeoutMs > nowMs) return
      complete(one)
      outcomes.timedOut(one, nowMs)
      one.cancel()
    }
  }
  const isInWindow = (dueMs: number): boolean => dueMs >= openedMs && dueMs < closedMs
  const notSent = (dueMs: number): TimedRequest => ({ dueMs, inWindow: isInWindow(dueMs) })
  const send = (one: Connection, dueMs: number, nowMs: number): void => {
    inFlight.add(one)
    one.dueMs = dueMs
    one.inWindow = isInWindow(dueMs)
    lastSentMs = nowMs
    one.send(nowMs)
  }
  const sendBacklog = (nowMs: number): void => {
    while (backlog.size > 0 && idle.available) {
      const dueMs = backlog.shift() as number
      if (nowMs - dueMs > timeoutMs) outcomes.dropped(dropReasons.driverLate, notSent(dueMs))
      else send(idle.take() as Connection, dueMs, nowMs)
    }
  }

  const connect = connector(load, url)
  const idle = pool(() => connect(listener), {
    size: load.connections,
    max: load.arrivals?.maxInFlight ?? load.connections,
  })
  const timeoutTimer = setInterval(
    checkTimeouts,
    Math.min(maxCheckMs, Math.max(minCheckMs, timeoutMs / 100)),
  )

  return {
    arrival(dueMs, nowMs) {
      if (isInWindow(dueMs)) planned++
      if (nowMs < failures.retryAtMs) {
        outcomes.failed(dropReasons.targetRefuses, notSent(dueMs), dueMs)
        return false
      }
      // While a connection is available the backlog is empty.
      const one = idle.take()
      if (one !== undefined) send(one, dueMs, nowMs)
      else if (lastSentMs > dueMs) backlog.push(dueMs)
      else outcomes.dropped(dropReasons.tooManyInFlight, notSent(dueMs))
      return one !== undefined
    },
    setWindow(fromMs, toMs) {
      openedMs = fromMs
      outcomes.opened(fromMs)
      closedMs = toMs
    },
    get count() {
      return inFlight.size
    },
    bins: outcomes.bins,
    report() {
      const nowMs = performance.now()
      for (const one of inFlight) {
        complete(one)
        outcomes.failed('still in flight at the end', one, nowMs)
      }
      return {
        ...outcomes.report(),
        service: service.encode(),
        lateness: lateness.encode(),
        planned,
      }
    },
    close() {
      clearInterval(timeoutTimer)
      idle.close()
    },
  }
}
