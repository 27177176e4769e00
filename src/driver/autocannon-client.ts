import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { Client } from 'autocannon'
import type { Load } from '../plan/plan.ts'
import { backoffMs } from './backoff.ts'

/**
 * The parts of autocannon 9.0.0's client that are put right here. It is handed to `setupClient` before it
 * connects, and looks all of these up on itself.
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
    [handler: number]: (...given: never[]) => unknown
  }
  readonly timeoutTicker: { reschedule(milliseconds: number): void }
  getRequestBuffer(): Buffer
  _connect(): void
  _destroyConnection(): void
}

/** A head as autocannon's parser (http-parser-js) gives it. */
interface ResponseHead {
  readonly statusCode: number
  readonly shouldKeepAlive: boolean
}

/** Numbers under which http-parser-js keeps its handlers. */
const on = { head: 2, body: 3, end: 4 } as const

/** What a connection of the closed loop tells. `sentMs`: in ms of `performance.now()`. */
export interface ClientListener {
  /** A request is on its way. */
  sent(): void
  completed(status: number, sentMs: number): void
  failed(kind: string, sentMs: number): void
  timedOut(sentMs: number): void
  /** No further request is to be sent. */
  readonly draining: boolean
}

/**
 * Makes a client of autocannon 9.0.0 count every request once, and give each answer to its own request:
 *
 * - When a connection ends before the answer, autocannon keeps the lost request in its queue and tells
 *   nobody; from then on each answer gets the start time of the request before it. Here there is one
 *   request and no queue: it is counted as failed, and half an answer is not read on with the next connection.
 * - It sends the next request on a connection that the answer said to be closing. Here it reconnects.
 * - It connects again at once, for ever, to a port that refuses. Here it rests, longer each time.
 * - It waits for the body that an answer to HEAD announces, takes `103 Early Hints` for the answer, leaves an
 *   answer that cannot be read to the time-out, and gathers each body as a string that nobody reads.
 *
 * An answer counts at the moment of autocannon's `response` event, which is spared with what hangs on it.
 */
export function patchAutocannon(
  client: Client,
  { request, timeout }: Load,
  watcher: ClientListener,
): void {
  const inside = client as unknown as ClientInternals
  const timeoutMs = timeout * 1e3
  // autocannon refuses less than a second, but only as an option.
  inside.timeout = timeoutMs
  const bytes = inside.getRequestBuffer()
  const now: ClientState = { inFlight: false, sentMs: 0, lastOnConnection: false }
  let reopening = false
  let failures = 0

  const lost = (kind: string): void => {
    if (reopening) return
    failures++
    if (now.inFlight) watcher.failed(kind, now.sentMs)
    now.inFlight = false
    reopen()
  }
  const reopen = (): void => {
    reopening = true
    inside._destroyConnection()
    const rest = backoffMs(failures)
    if (rest === 0) process.nextTick(open)
    else setTimeout(open, rest).unref()
  }
  const open = (): void => {
    reopening = false
    if (watcher.draining) return
    now.lastOnConnection = false
    inside.parser.reinitialize('RESPONSE')
    inside.conn = connection(inside, lost)
    ask()
  }
  const ask = (): void => {
    now.inFlight = true
    now.sentMs = performance.now()
    watcher.sent()
    inside.conn?.write(bytes)
    inside.timeoutTicker.reschedule(timeoutMs)
  }
  const answered = (status: number): void => {
    now.inFlight = false
    failures = 0
    watcher.completed(status, now.sentMs)
    if (watcher.draining) return
    if (now.lastOnConnection) reopen()
    else ask()
  }

  inside._connect = () => {
    if (inside.conn === undefined) {
      listen(inside.parser, { now, headOnly: request.method === 'HEAD', answered, lost })
    }
    // Later it is only called after a time-out, when autocannon has dropped the connection.
    else if (now.inFlight) watcher.timedOut(now.sentMs)
    now.inFlight = false
    if (!reopening) open()
  }
}

/** What a client is about. */
interface ClientState {
  /** A request is on its way. */
  inFlight: boolean
  sentMs: number
  /** The answer being read is the last one on its connection. */
  lastOnConnection: boolean
}

/** Opens a connection that is read by autocannon's parser, and calls `lost` when it ends by itself. */
function connection({ opts, parser }: ClientInternals, lost: (kind: string) => void): Socket {
  const to = { host: opts.hostname, port: opts.port, noDelay: true }
  const socket =
    opts.protocol === 'https:' ? connectSecurely({ ...to, rejectUnauthorized: false }) : connect(to)
  socket.on('data', (bytes: Buffer) => {
    if (parser.execute(bytes) instanceof Error) lost('an answer that is not HTTP')
  })
  socket.on('end', () => {
    // An answer without a length ends with its connection.
    parser.finish()
    lost('closed before the answer was complete')
  })
  socket.on('error', (error: NodeJS.ErrnoException) => lost(error.code ?? error.message))
  return socket
}

/** Takes the place of the handlers that autocannon gave its parser. */
function listen(
  parser: ClientInternals['parser'],
  client: {
    readonly now: ClientState
    readonly headOnly: boolean
    readonly answered: (status: number) => void
    readonly lost: (kind: string) => void
  },
): void {
  let status = 0
  parser[on.head] = (head: ResponseHead) => {
    status = head.statusCode
    // For HEAD the parser takes a missing length for a body that ends with the connection.
    client.now.lastOnConnection = client.headOnly
      ? parser.connection.includes('close')
      : !head.shouldKeepAlive
    return client.headOnly
  }
  parser[on.body] = () => {}
  parser[on.end] = () => {
    if (status < 200) return
    if (client.now.inFlight) client.answered(status)
    else client.lost('an answer without a request')
  }
}
