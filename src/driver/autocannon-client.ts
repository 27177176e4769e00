import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { Client } from 'autocannon'
import type { Load } from '../plan/plan.ts'
import { backoffMs } from './backoff.ts'
import type { ClientListener } from './drive-closed-loop.ts'
import { requestBytes } from './lean/request-bytes.ts'

/**
 * The parts of autocannon 9.0.0's client that are patched here. autocannon passes the client to `setupClient` before
 * it connects, and looks up all of these on the object itself.
 */
interface ClientInternals {
  /** Milliseconds. */
  timeout: number
  conn: Socket | undefined
  readonly opts: { readonly protocol: string; readonly hostname: string; readonly port: number }
  readonly parser: {
    reinitialize(type: 'RESPONSE'): void
    execute(bytes: Buffer): number | Error
    finish(): Error | undefined
    readonly connection: string
    [handler: number]: (...args: never[]) => unknown
  }
  readonly timeoutTicker: { reschedule(milliseconds: number): void }
  _connect(): void
  _destroyConnection(): void
}

/** A response head as autocannon's parser (http-parser-js) passes it. */
interface ResponseHead {
  readonly statusCode: number
  readonly shouldKeepAlive: boolean
}

/** The keys of http-parser-js's handlers. */
const on = { head: 2, body: 3, end: 4 } as const

/**
 * Patches a client of autocannon 9.0.0, so that it counts every request once and matches each response to its
 * own request:
 *
 * - When a connection ends before the response, autocannon leaves the lost request in its queue and reports
 *   nothing; from then on each response gets the start time of the request before it. The patched client has one
 *   request and no queue: the request counts as failed, and the parser does not continue a partial response on the
 *   next connection.
 * - autocannon sends the next request on a connection that the response declared as closing. The patched client
 *   reconnects.
 * - autocannon reconnects to a port that refuses, at once and for ever. The patched client backs off.
 * - autocannon waits for the body that a response to HEAD announces, takes `103 Early Hints` for the response, lets a
 *   malformed response run into the time-out, and collects each body as a string that nobody reads.
 *
 * A response is complete at the time of autocannon's `response` event; the event itself, and the work that hangs on
 * it, is left out.
 */
export function patchAutocannon(
  client: Client,
  { load, url }: { readonly load: Load; readonly url: URL },
  listener: ClientListener,
): void {
  const { request, timeout, insecure = false } = load
  const internals = client as unknown as ClientInternals
  const timeoutMs = timeout * 1e3
  // autocannon refuses less than a second only as an option.
  internals.timeout = timeoutMs
  const bytes = requestBytes(request, url)
  const state: ClientState = { inFlight: false, sentMs: 0, lastOnConnection: false }
  let reconnecting = false
  let failures = 0

  const fail = (kind: string): void => {
    if (reconnecting) return
    failures++
    if (state.inFlight) listener.failed(kind, state.sentMs)
    state.inFlight = false
    reconnect()
  }
  const reconnect = (): void => {
    reconnecting = true
    internals._destroyConnection()
    const delayMs = backoffMs(failures)
    if (delayMs === 0) process.nextTick(open)
    else setTimeout(open, delayMs).unref()
  }
  const open = (): void => {
    reconnecting = false
    if (listener.draining) return
    state.lastOnConnection = false
    internals.parser.reinitialize('RESPONSE')
    internals.conn = connection(internals, insecure, fail)
    send()
  }
  const send = (): void => {
    state.inFlight = true
    state.sentMs = performance.now()
    listener.sent()
    internals.conn?.write(bytes)
    internals.timeoutTicker.reschedule(timeoutMs)
  }
  const complete = (status: number): void => {
    state.inFlight = false
    failures = 0
    listener.completed(status, state.sentMs)
    if (listener.draining) return
    if (state.lastOnConnection) reconnect()
    else send()
  }

  internals._connect = () => {
    if (internals.conn === undefined) {
      setHandlers(internals.parser, { state, headOnly: request.method === 'HEAD', complete, fail })
    }
    // After the first time it is only called after a time-out, when autocannon has dropped the connection.
    else if (state.inFlight) listener.timedOut(state.sentMs)
    state.inFlight = false
    if (!reconnecting) open()
  }
}

/** The state of a client's current request. */
interface ClientState {
  inFlight: boolean
  sentMs: number
  /** Whether the response that is being read is the last one on its connection. */
  lastOnConnection: boolean
}

/** Opens a connection that autocannon's parser reads, and calls `fail` when the connection ends by itself. */
function connection(
  { opts, parser }: ClientInternals,
  insecure: boolean,
  fail: (kind: string) => void,
): Socket {
  const host = opts.hostname.replace(/^\[|\]$/g, '')
  const to = { host, port: opts.port, noDelay: true }
  const socket =
    opts.protocol === 'https:'
      ? connectSecurely({ ...to, rejectUnauthorized: !insecure })
      : connect(to)
  socket.on('data', (bytes: Buffer) => {
    if (parser.execute(bytes) instanceof Error) fail('invalid HTTP response')
  })
  socket.on('end', () => {
    // A response without a length ends with its connection.
    parser.finish()
    fail('closed before the response was complete')
  })
  socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
  return socket
}

/** Replaces the handlers that autocannon gave its parser. */
function setHandlers(
  parser: ClientInternals['parser'],
  client: {
    readonly state: ClientState
    readonly headOnly: boolean
    readonly complete: (status: number) => void
    readonly fail: (kind: string) => void
  },
): void {
  let status = 0
  parser[on.head] = (head: ResponseHead) => {
    status = head.statusCode
    // For HEAD the parser takes a missing length for a body that ends with the connection.
    client.state.lastOnConnection = client.headOnly
      ? parser.connection.includes('close')
      : !head.shouldKeepAlive
    return client.headOnly
  }
  parser[on.body] = () => {}
  parser[on.end] = () => {
    if (status < 200) return
    if (client.state.inFlight) client.complete(status)
    else client.fail('response without a request')
  }
}
