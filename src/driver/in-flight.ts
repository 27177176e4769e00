import type { Load } from '../plan/plan.ts'
import { histogram } from '../stats/histogram/histogram.ts'
import { connectFailures } from './backoff.ts'
import { type DriverReport, dropReasons } from './driver.ts'
import type { Connection, ConnectionListener } from './lean/connection.ts'
import type { Connector } from './lean/connector.ts'
import { pool } from './pool.ts'
import { queue } from './queue.ts'
import { recorder, type TimedRequest } from './recorder.ts'
import type { SlowRequests } from './slow-report.ts'

/** Milliseconds between two checks for requests that have timed out: a hundredth of the time-out, within these bounds. */
const [minCheckMs, maxCheckMs] = [5, 50]

/** Milliseconds until another connection may be opened for requests that wait. */
const retryMs = 1

/** The requests of an open loop, from their arrival to their outcome. Times are milliseconds of `performance.now()`. */
export interface InFlightRequests {
  /** A request is due: it is sent, waits for a connection, or is recorded as not sent. Returns whether it was sent. */
  arrival(dueMs: number, nowMs: number): boolean
  /** Requests that are due from `openedMs` to before `closedMs` belong to the window. */
  setWindow(openedMs: number, closedMs: number): void
  /** Requests in flight, those that wait for a connection included. */
  readonly count: number
  bins(): readonly number[]
  /** The outcomes; requests that are still in flight are recorded as failed, those that wait as not sent. */
  report(): Omit<DriverReport, 'windowSeconds' | 'warmupSeconds' | 'steady' | 'inFlight'>
  /** The slowest requests of the window. */
  slow(): SlowRequests
  close(): void
}

/** A request that is due and not sent. */
interface WaitingArrival {
  readonly dueMs: number
  readonly arrivedMs: number
  /** Whether it waits because the driver was late, and not because the target was slow. */
  readonly driverLate: boolean
}

/**
 * The requests of `load`, on connections that are opened when they are first needed (src/driver/pool.ts). A request that
 * finds none available waits in the driver; its latency counts from when it was due. `idleNow` is called when the last one
 * in flight has ended.
 */
export function inFlightRequests(
  load: Load,
  { slots, connect, facts }: Connector,
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
  const maxInFlight = load.arrivals?.maxInFlight ?? slots
  /** Arrivals that wait for a connection. */
  const waiting = queue<WaitingArrival>()
  /** Since when no connection has been available; infinite while one is. */
  let busySinceMs = Number.POSITIVE_INFINITY

  const listener: ConnectionListener = {
    completed(one, status) {
      const nowMs = performance.now()
      inFlight.delete(one)
      failures.connected()
      if (one.inWindow) service.record((nowMs - one.sentMs) * 1e3)
      outcomes.completed(status, one, nowMs)
    },
    failed(one, kind, connected) {
      const nowMs = performance.now()
      inFlight.delete(one)
      if (connected) failures.connected()
      else failures.add(one.sentMs, nowMs)
      outcomes.failed(kind, one, nowMs)
    },
    free(one) {
      idle.add(one)
      if (waiting.size > 0) sendWaiting(performance.now())
      if (waiting.size === 0) busySinceMs = Number.POSITIVE_INFINITY
      if (inFlight.size === 0) idleNow()
    },
  }
  const checkTimeouts = (): void => {
    const nowMs = performance.now()
    for (const one of inFlight) {
      if (one.sentMs + timeoutMs > nowMs) return
      inFlight.delete(one)
      outcomes.timedOut(one, nowMs)
      one.cancel()
    }
  }
  const isInWindow = (dueMs: number): boolean => dueMs >= openedMs && dueMs < closedMs
  const notSent = (dueMs: number): TimedRequest => ({ dueMs, inWindow: isInWindow(dueMs) })
  const send = (one: Connection, dueMs: number, nowMs: number): void => {
    inFlight.add(one)
    one.dueMs = dueMs
    one.arrivedMs = nowMs
    one.inWindow = isInWindow(dueMs)
    one.send(nowMs)
    if (busySinceMs > nowMs && !idle.available(nowMs)) busySinceMs = nowMs
  }
  const dropWaiting = ({ dueMs, driverLate }: WaitingArrival): void => {
    const reason = driverLate ? dropReasons.driverLate : dropReasons.tooManyInFlight
    outcomes.dropped(reason, notSent(dueMs))
  }
  /** Sends what waits, as far as connections are available. Returns whether any was sent. */
  const sendWaiting = (nowMs: number): boolean => {
    let sent = false
    while (waiting.size > 0 && idle.available(nowMs)) {
      const arrival = waiting.shift() as WaitingArrival
      const { dueMs } = arrival
      if (nowMs < failures.retryAtMs) {
        outcomes.failed(dropReasons.targetRefuses, notSent(dueMs), nowMs)
      } else if (nowMs - dueMs > timeoutMs) dropWaiting(arrival)
      else {
        const one = idle.take(nowMs) as Connection
        send(one, dueMs, nowMs)
        // Late because of the driver until now, or until it arrived.
        if (!arrival.driverLate) one.arrivedMs = arrival.arrivedMs
        sent = true
      }
    }
    return sent
  }

  let retryTimer: NodeJS.Timeout | undefined
  // Neither the next arrival nor the end of a request may be near.
  const retry = (): void => {
    retryTimer = undefined
    sendWaiting(performance.now())
    if (waiting.size > 0) retryTimer = setTimeout(retry, retryMs)
  }
  const idle = pool(() => connect(listener), {
    size: slots,
    max: maxInFlight,
  })
  const timeoutTimer = setInterval(
    checkTimeouts,
    Math.min(maxCheckMs, Math.max(minCheckMs, timeoutMs / 100)),
  )

  return {
    arrival(dueMs, nowMs) {
      if (isInWindow(dueMs)) {
        planned++
        lateness.record((nowMs - dueMs) * 1e3)
      }
      if (nowMs < failures.retryAtMs) {
        outcomes.failed(dropReasons.targetRefuses, notSent(dueMs), dueMs)
        return false
      }
      const one = waiting.size === 0 ? idle.take(nowMs) : undefined
      if (one !== undefined) {
        send(one, dueMs, nowMs)
        return true
      }
      // A connection was available when it was due: dropping it would blame the target for a pause of the driver.
      const driverLate = busySinceMs > dueMs
      if (!driverLate && inFlight.size + waiting.size >= maxInFlight) {
        outcomes.dropped(dropReasons.tooManyInFlight, notSent(dueMs))
        return false
      }
      waiting.push({ dueMs, arrivedMs: nowMs, driverLate })
      const sent = sendWaiting(nowMs)
      if (waiting.size > 0) retryTimer ??= setTimeout(retry, retryMs)
      return sent
    },
    setWindow(fromMs, toMs) {
      openedMs = fromMs
      outcomes.opened(fromMs)
      closedMs = toMs
    },
    get count() {
      return inFlight.size + waiting.size
    },
    bins: outcomes.bins,
    slow: outcomes.slow,
    report() {
      const nowMs = performance.now()
      for (const one of inFlight) {
        outcomes.failed('still in flight at the end', one, nowMs)
      }
      while (waiting.size > 0) dropWaiting(waiting.shift() as WaitingArrival)
      return {
        ...outcomes.report(),
        connections: facts(),
        service: service.encode(),
        lateness: lateness.encode(),
        planned,
      }
    },
    close() {
      clearInterval(timeoutTimer)
      clearTimeout(retryTimer)
      idle.close()
    },
  }
}
