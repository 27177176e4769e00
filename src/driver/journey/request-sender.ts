import type { Connection, ConnectionListener, OwnRequest } from '../lean/connection.ts'
import { type Pool, pool } from '../pool.ts'
import { type Queue, queue } from '../queue.ts'

/** A request to send, and the function that gets its outcome. */
export interface Job extends OwnRequest {
  /** Where it goes: `http://host:port`; undefined: to the target. */
  readonly origin: string | undefined
  /** Milliseconds from when it is sent until it has failed. */
  readonly timeoutMs: number
  /** When it was sent, and when its connection was established: set by the sender. */
  sentMs: number
  connectedMs: number
  /** The response is complete, or none came because of `failure`. */
  done(status: number, failure: string | undefined, nowMs: number): void
}

/** Sends requests on connections that are opened when they are first needed. Times are milliseconds of `performance.now()`. */
export interface RequestSender {
  /** Prepares the connections to a place ahead of its first request. */
  prepare(origin: string | undefined): Promise<void>
  /** Sends a request, or lets it wait for a connection; returns whether it was sent. */
  submit(job: Job, nowMs: number): boolean
  /** Sends what waits, as far as connections may be opened. */
  flush(nowMs: number): void
  /** Requests that were submitted and are not over. */
  readonly count: number
  close(): void
}

/** Options of a sender. */
export interface SenderOptions {
  /** Prepares the connections to a place; rejects where its name cannot be resolved. */
  connect(origin: string | undefined): Promise<Connections>
  /** Maximum number of connections to each place. */
  readonly maxConnections: number
  /** Milliseconds after which most requests have failed: time-outs are checked in a hundredth of it. */
  readonly timeoutMs: number
  /** Called when the last request is over. */
  idleNow(): void
}

/** Makes the connections to one place. */
interface Connections {
  /** Connections that are used in turn. */
  readonly slots: number
  connect(listener: ConnectionListener): Connection
}

/** A place that requests go to. It has no pool until its connections are prepared. */
interface Place {
  pool: Pool | undefined
  readonly waiting: Queue<Job>
}

/** Milliseconds between two checks for time-outs: a hundredth of the time-out, within these bounds. */
const [minCheckMs, maxCheckMs] = [5, 50]

/** A sender without connections. */
export function requestSender(options: SenderOptions): RequestSender {
  const { timeoutMs, idleNow } = options
  const inFlight = new Map<Connection, Job>()
  const places = new Map<string | undefined, Place>()
  let waiting = 0
  /** The outcome of the request on the connection that becomes free next. */
  let ended: Job | undefined
  let [status, failure]: [number, string | undefined] = [0, undefined]

  const over = (connection: Connection, code: number, kind: string | undefined): void => {
    ended = inFlight.get(connection)
    if (ended !== undefined) ended.connectedMs = connection.connectedMs
    inFlight.delete(connection)
    status = code
    failure = kind
  }
  const open = async (at: Place, origin: string | undefined): Promise<void> => {
    const { slots, connect } = await options.connect(origin)
    const listener: ConnectionListener = {
      completed: (connection, code) => over(connection, code, undefined),
      failed: (connection, kind) => over(connection, 0, kind),
      free(connection) {
        connections.add(connection)
        const job = ended
        ended = undefined
        const nowMs = performance.now()
        if (at.waiting.size > 0) sendWaiting(at, nowMs)
        job?.done(status, failure, nowMs)
        if (inFlight.size === 0 && waiting === 0) idleNow()
      },
    }
    const connections = pool(() => connect(listener), {
      size: slots,
      max: Math.max(slots, options.maxConnections),
    })
    at.pool = connections
  }
  const known = (origin: string | undefined): Place => {
    const found = places.get(origin)
    if (found !== undefined) return found
    const made: Place = { pool: undefined, waiting: queue<Job>() }
    places.set(origin, made)
    return made
  }
  /** The place; its connections are prepared with its first request. */
  const place = (origin: string | undefined): Place => {
    const found = places.get(origin)
    if (found !== undefined) return found
    const made = known(origin)
    open(made, origin).then(
      () => sendWaiting(made, performance.now()),
      (error: Error) => {
        while (made.waiting.size > 0) {
          waiting--
          made.waiting.shift()?.done(0, error.message, performance.now())
        }
        places.delete(origin)
      },
    )
    return made
  }
  const send = (connection: Connection, job: Job, nowMs: number): void => {
    inFlight.set(connection, job)
    job.sentMs = nowMs
    connection.send(nowMs, job)
  }
  const sendWaiting = ({ pool: connections, waiting: jobs }: Place, nowMs: number): void => {
    while (jobs.size > 0 && connections?.available(nowMs)) {
      waiting--
      send(connections.take(nowMs) as Connection, jobs.shift() as Job, nowMs)
    }
  }
  const checkTimeouts = (): void => {
    const nowMs = performance.now()
    for (const [connection, job] of inFlight) {
      if (connection.sentMs + job.timeoutMs > nowMs) continue
      over(connection, 0, 'timed out')
      connection.cancel()
    }
  }
  const timer = setInterval(
    checkTimeouts,
    Math.min(maxCheckMs, Math.max(minCheckMs, timeoutMs / 100)),
  )

  return {
    prepare: (origin) => open(known(origin), origin),
    submit(job, nowMs) {
      const at = place(job.origin)
      const connection = at.waiting.size === 0 ? at.pool?.take(nowMs) : undefined
      if (connection === undefined) {
        at.waiting.push(job)
        waiting++
        return false
      }
      send(connection, job, nowMs)
      return true
    },
    flush(nowMs) {
      if (waiting > 0) for (const one of places.values()) sendWaiting(one, nowMs)
    },
    get count() {
      return inFlight.size + waiting
    },
    close() {
      clearInterval(timer)
      for (const one of places.values()) one.pool?.close()
    },
  }
}
