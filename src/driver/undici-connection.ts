import { Client, type Dispatcher } from 'undici'
import type { Load } from '../plan/plan.ts'

/** One connection of the open loop, with at most one request on it. Times are milliseconds of `performance.now()`. */
export interface Connection {
  dueMs: number
  /** When the request was written; where a connection had to be opened for it, when that began. */
  sentMs: number
  /** Whether the request is due inside the window. */
  inWindow: boolean
  /** Sends a request; only while no other is in flight on this connection. */
  send(nowMs: number): void
  /** Cancels the request: the listener hears only `free` afterwards. */
  cancel(): void
  close(): Promise<void>
}

/** Listens to connections: for each request one of the first two, unless it was cancelled, then `free`. */
export interface ConnectionListener {
  completed(connection: Connection, status: number): void
  /** `connected`: the connection was open, so that it was the request that failed. */
  failed(connection: Connection, kind: string, connected: boolean): void
  free(connection: Connection): void
}

/** The request of a load and the options of its connections, as undici takes them. */
export interface RequestOptions {
  readonly origin: string
  readonly request: Dispatcher.DispatchOptions
  readonly client: Client.Options
}

/** Prepared once per load, so that sending allocates as little as possible. */
export function requestOptions({ request, timeout }: Load, url: URL): RequestOptions {
  const { method, path, bodyBytes } = request
  return {
    origin: url.origin,
    request: {
      // Without it each dispatch would compute the origin from its URL.
      origin: url.origin,
      method,
      path,
      // undici closes each connection after HEAD unless this is false.
      reset: false,
      ...(bodyBytes === 0 ? {} : { body: Buffer.alloc(bodyBytes, 'x') }),
    },
    client: {
      pipelining: 1,
      allowH2: false,
      connectTimeout: timeout * 1e3,
      // We time out requests ourselves: undici's time-outs are exact to half a second, and restart with each part of a response.
      headersTimeout: 0,
      bodyTimeout: 0,
      // An idle connection stays open unless the target says when it closes.
      keepAliveTimeout: 600_000,
      connect: { rejectUnauthorized: false },
    },
  }
}

const cancelled = new Error('cancelled')

/** A connection, which opens with its first request and again after it was closed. */
export function connection(
  { origin, request, client: options }: RequestOptions,
  listener: ConnectionListener,
): Connection {
  const client = new Client(origin, options)
  let controller: Dispatcher.DispatchController | undefined
  let open = false
  let reused = false
  let status = 0
  let ended = true
  client.on('connect', () => {
    open = true
  })
  client.on('disconnect', () => {
    open = false
  })

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started
      if (ended) started.abort(cancelled)
      else if (reused) own.sentMs = performance.now()
    },
    onResponseStart(_controller, code) {
      status = code
    },
    onResponseData() {},
    onResponseEnd() {
      if (!ended) listener.completed(own, status)
      ended = true
      listener.free(own)
    },
    onResponseError(_controller, error) {
      if (!ended) listener.failed(own, kindOf(error), controller !== undefined)
      ended = true
      listener.free(own)
    },
  }
  const own: Connection = {
    dueMs: 0,
    sentMs: 0,
    inWindow: false,
    send(nowMs) {
      ended = false
      controller = undefined
      reused = open
      own.sentMs = nowMs
      client.dispatch(request, handler)
    },
    cancel() {
      ended = true
      controller?.abort(cancelled)
    },
    close: () => client.destroy(),
  }
  return own
}

function kindOf(error: Error & { code?: string }): string {
  if (error.code === 'UND_ERR_SOCKET') return 'closed before the response was complete'
  if (error.code?.startsWith('HPE_') === true) return 'invalid HTTP response'
  return error.code ?? error.message
}
