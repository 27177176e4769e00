import { Client, type Dispatcher } from 'undici'
import type { Load } from '../plan/plan.ts'

/** One connection of the open loop, with at most one request on it. Times are milliseconds of `performance.now()`. */
export interface Connection {
  dueMs: number
  /** When the request was written; where a connection had to be opened for it, when that began. */
  sentMs: number
  /** It is due inside the window. */
  inWindow: boolean
  /** Sends a request; only when it is free. */
  send(nowMs: number): void
  /** Gives the request up: nothing more is told of it but `free`. */
  cancel(): void
  close(): Promise<void>
}

/** What a connection tells: of each request one of the first two at most, then `free`. */
export interface ConnectionListener {
  completed(connection: Connection, status: number): void
  /** `reached`: a connection stood, and what failed was the request. */
  failed(connection: Connection, kind: string, reached: boolean): void
  free(connection: Connection): void
}

/** What every connection sends, and how. */
export interface RequestOptions {
  readonly origin: string
  readonly request: Dispatcher.DispatchOptions
  readonly options: Client.Options
}

/** What each request of a load is for undici. */
export function requestOptions({ request, timeout }: Load, url: URL): RequestOptions {
  const { method, path, bodyBytes } = request
  return {
    origin: url.origin,
    request: {
      // Else each dispatch would ask its URL for it.
      origin: url.origin,
      method,
      path,
      // undici closes each connection after HEAD unless it is told not to.
      reset: false,
      ...(bodyBytes === 0 ? {} : { body: Buffer.alloc(bodyBytes, 'x') }),
    },
    options: {
      pipelining: 1,
      allowH2: false,
      connectTimeout: timeout * 1e3,
      // Time-outs are ours: undici's are exact to half a second, and start with each part of an answer.
      headersTimeout: 0,
      bodyTimeout: 0,
      // An idle connection stays open unless the target says when it closes.
      keepAliveTimeout: 600_000,
      connect: { rejectUnauthorized: false },
    },
  }
}

const gaveUp = new Error('given up')

/** A connection, which opens with its first request and again whenever the last one was closed. */
export function connection(
  { origin, request, options }: RequestOptions,
  watcher: ConnectionListener,
): Connection {
  const client = new Client(origin, options)
  let controller: Dispatcher.DispatchController | undefined
  let standing = false
  let reused = false
  let status = 0
  let over = true
  client.on('connect', () => {
    standing = true
  })
  client.on('disconnect', () => {
    standing = false
  })

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(given) {
      controller = given
      if (over) given.abort(gaveUp)
      else if (reused) own.sentMs = performance.now()
    },
    onResponseStart(_controller, code) {
      status = code
    },
    onResponseData() {},
    onResponseEnd() {
      if (!over) watcher.completed(own, status)
      over = true
      watcher.free(own)
    },
    onResponseError(_controller, error) {
      if (!over) watcher.failed(own, kindOf(error), controller !== undefined)
      over = true
      watcher.free(own)
    },
  }
  const own: Connection = {
    dueMs: 0,
    sentMs: 0,
    inWindow: false,
    send(nowMs) {
      over = false
      controller = undefined
      reused = standing
      own.sentMs = nowMs
      client.dispatch(request, handler)
    },
    cancel() {
      over = true
      controller?.abort(gaveUp)
    },
    close: () => client.destroy(),
  }
  return own
}

function kindOf(error: Error & { code?: string }): string {
  if (error.code === 'UND_ERR_SOCKET') return 'closed before the answer was complete'
  if (error.code?.startsWith('HPE_') === true) return 'an answer that is not HTTP'
  return error.code ?? error.message
}
