import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { Load } from '../../plan/plan.ts'
import { requestBytes } from './request-bytes.ts'
import { responseReader } from './response-reader.ts'

/** One connection, with at most one request on it. Times are milliseconds of `performance.now()`. */
export interface Connection {
  /** When the request was due; for the use of its owner. */
  dueMs: number
  /** When the request was written; where a connection had to be opened for it, when that began. */
  sentMs: number
  /** Whether the request belongs to the window; for the use of its owner. */
  inWindow: boolean
  /** Whether a request was sent that has not ended. */
  readonly inFlight: boolean
  /** Sends a request; only while no other is in flight on this connection. */
  send(nowMs: number): void
  /** Cancels the request: the listener hears only `free` afterwards. */
  cancel(): void
  close(): void
}

/** Listens to connections: for each request one of the first two, unless it was cancelled, then `free`. */
export interface ConnectionListener {
  completed(connection: Connection, status: number): void
  /** `connected`: the connection was open, so that it was the request that failed. */
  failed(connection: Connection, kind: string, connected: boolean): void
  free(connection: Connection): void
}

/** Bytes that are read at once. */
const readBytes = 64 * 1024

/** Makes connections for one load; each opens with its first request, and again after it was closed. */
export function connector(
  { request, insecure = false }: Load,
  url: URL,
): (listener: ConnectionListener) => Connection {
  const bytes = requestBytes(request, url)
  const isHead = request.method === 'HEAD'
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const to = { host, port: Number(url.port) || (secure ? 443 : 80), noDelay: true }
  // All connections read into one buffer: what was read is parsed before anything else is.
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  // @types/node knows `onread` of plain sockets only.
  const tls = { ...to, rejectUnauthorized: !insecure, servername: serverName(host) }
  const open = (callback: (length: number) => boolean): Socket => {
    const onread = { buffer, callback }
    const options = { ...(secure ? tls : to), onread }
    return secure ? connectSecurely(options) : connect(options)
  }
  return (listener) => connection({ bytes, isHead, buffer, open, secure }, listener)
}

interface ConnectionOptions {
  /** The request. */
  readonly bytes: Buffer
  readonly isHead: boolean
  /** Holds what a socket has read while its callback runs. */
  readonly buffer: Buffer
  readonly open: (onRead: (length: number) => boolean) => Socket
  readonly secure: boolean
}

function connection(
  { bytes, isHead, buffer, open, secure }: ConnectionOptions,
  listener: ConnectionListener,
): Connection {
  const reader = responseReader({ isHead })
  let socket: Socket | undefined
  let connected = false
  let inFlight = false

  const drop = (): void => {
    socket?.destroy()
    socket = undefined
    connected = false
  }
  const complete = (): void => {
    inFlight = false
    listener.completed(own, reader.status)
    listener.free(own)
  }
  const fail = (kind: string): void => {
    const wasConnected = connected
    drop()
    if (!inFlight) return
    inFlight = false
    listener.failed(own, kind, wasConnected)
    listener.free(own)
  }
  const read = (length: number): void => {
    // Bytes that no request asked for: the next response on this connection could not be told from them.
    const reading = inFlight ? reader.read(buffer, length) : 'invalid'
    if (reading === 'partial') return
    if (reading === 'invalid') {
      fail('invalid HTTP response')
      return
    }
    if (reading === 'excess' || !reader.keepAlive) drop()
    complete()
  }
  const ended = (): void => {
    if (inFlight && reader.end()) {
      drop()
      complete()
    } else fail('closed before the response was complete')
  }
  const connectNow = (): Socket => {
    const made = open((length) => {
      if (made === socket) read(length)
      return true
    })
    made.on(secure ? 'secureConnect' : 'connect', () => {
      if (made === socket) connected = true
    })
    made.on('end', () => {
      if (made === socket) ended()
    })
    made.on('error', (error: NodeJS.ErrnoException) => {
      if (made === socket) fail(error.code ?? error.message)
    })
    made.on('close', () => {
      if (made === socket) ended()
    })
    return made
  }

  const own: Connection = {
    dueMs: 0,
    sentMs: 0,
    inWindow: false,
    get inFlight() {
      return inFlight
    },
    send(nowMs) {
      inFlight = true
      own.sentMs = nowMs
      reader.reset()
      socket ??= connectNow()
      socket.write(bytes)
    },
    cancel() {
      drop()
      if (!inFlight) return
      inFlight = false
      listener.free(own)
    },
    close: drop,
  }
  return own
}

/** The name that TLS asks for; it must not be an address (RFC 6066, 3). */
function serverName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host
}
