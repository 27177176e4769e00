import type { Load } from '../plan/plan.ts'
import { histogram } from '../stats/histogram/histogram.ts'
import { connectFailures } from './backoff.ts'
import type { DriverReport } from './driver.ts'
import { pool } from './pool.ts'
import { queue } from './queue.ts'
import { recorder, type TimedRequest } from './recorder.ts'
import {
  type Connection,
  type ConnectionListener,
  connection,
  requestOptions,
} from './undici-connection.ts'

/** Milliseconds between looks for requests that have timed out. */
const lookMs = 5

/** The requests of an open loop, from due to over. Times are milliseconds of `performance.now()`. */
export interface InFlightRequests {
  /** A request is due: it is sent, or counted with what kept it from being sent. Says whether one was sent. */
  arrival(dueMs: number, nowMs: number): boolean
  /** What is due from one to before the other belongs to the window. */
  setWindow(openedMs: number, closedMs: number): void
  readonly count: number
  bins(): readonly number[]
  /** What became of them; those still in flight have failed by this. */
  report(): Omit<DriverReport, 'windowSeconds' | 'warmupSeconds' | 'steady' | 'inFlight'>
  close(): Promise<void>
}

/** The requests of `load`, on connections that open when their turn first comes. */
export function inFlightRequests(load: Load, url: URL): InFlightRequests {
  const timeoutMs = load.timeout * 1e3
  const book = recorder(load.watch)
  const service = histogram()
  const lateness = histogram()
  const refused = connectFailures()
  // In the order in which they were sent.
  const flying = new Set<Connection>()
  let [openedMs, closedMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let planned = 0
  let launchedMs = Number.NEGATIVE_INFINITY
  /**
   * Due, and kept waiting only because we were late: when it was due there was a place, which has gone to one
   * that was sent since. To drop it would blame the target for a pause of the driver.
   */
  const owed = queue<number>()

  const land = (one: Connection): void => {
    flying.delete(one)
    if (one.inWindow) lateness.record((one.sentMs - one.dueMs) * 1e3)
  }
  const watcher: ConnectionListener = {
    completed(one, status) {
      const nowMs = performance.now()
      land(one)
      refused.connected()
      if (one.inWindow) service.record((nowMs - one.sentMs) * 1e3)
      book.completed(status, one, nowMs)
    },
    failed(one, kind, reached) {
      const nowMs = performance.now()
      land(one)
      if (reached) refused.connected()
      else refused.add(one.sentMs, nowMs)
      book.failed(kind, one, nowMs)
    },
    free(one) {
      idle.add(one)
      if (owed.size > 0) settle(performance.now())
    },
  }
  const expire = (): void => {
    const nowMs = performance.now()
    for (const one of flying) {
      if (one.sentMs + timeoutMs > nowMs) return
      land(one)
      book.timedOut(one, nowMs)
      one.cancel()
    }
  }
  const isWithin = (dueMs: number): boolean => dueMs >= openedMs && dueMs < closedMs
  const arrival = (dueMs: number): TimedRequest => ({ dueMs, inWindow: isWithin(dueMs) })
  const launch = (one: Connection, dueMs: number, nowMs: number): void => {
    flying.add(one)
    one.dueMs = dueMs
    one.inWindow = isWithin(dueMs)
    launchedMs = nowMs
    one.send(nowMs)
  }
  const settle = (nowMs: number): void => {
    while (owed.size > 0 && idle.hasRoom) {
      const dueMs = owed.shift() as number
      if (nowMs - dueMs > timeoutMs)
        book.dropped('not sent: the driver was too late', arrival(dueMs))
      else launch(idle.take() as Connection, dueMs, nowMs)
    }
  }

  const options = requestOptions(load, url)
  const idle = pool(() => connection(options, watcher), {
    kept: load.connections,
    most: load.arrivals?.mostInFlight ?? load.connections,
  })
  const looking = setInterval(expire, lookMs)

  return {
    arrival(dueMs, nowMs) {
      if (isWithin(dueMs)) planned++
      if (nowMs < refused.retryAtMs) {
        book.failed('not sent: the target refuses', arrival(dueMs), dueMs)
        return false
      }
      // Nobody waits while there is a place.
      const one = idle.take()
      if (one !== undefined) launch(one, dueMs, nowMs)
      else if (launchedMs > dueMs) owed.push(dueMs)
      else book.dropped('not sent: too many in flight', arrival(dueMs))
      return one !== undefined
    },
    setWindow(fromMs, toMs) {
      openedMs = fromMs
      book.opened(fromMs)
      closedMs = toMs
    },
    get count() {
      return flying.size
    },
    bins: book.bins,
    report() {
      const nowMs = performance.now()
      for (const one of flying) {
        land(one)
        book.failed('still in flight at the end', one, nowMs)
      }
      return {
        ...book.report(),
        service: service.encode(),
        lateness: lateness.encode(),
        planned,
      }
    },
    async close() {
      clearInterval(looking)
      await idle.close()
    },
  }
}
