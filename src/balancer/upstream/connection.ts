import { connect, isIP, type Socket } from 'node:net'
import type { BackendAddress } from '../config/backend-address.ts'
import type { Chunks } from '../http/chunks.ts'
import { type FramingKind, framing } from '../http/framing.ts'
import type { ByteStream } from '../io/byte-stream.ts'
import { enableTcpKeepAlive } from '../io/tcp-keep-alive.ts'
import type { BufferOwner } from '../io/write-buffer.ts'
import type { Names } from '../names/names.ts'
import { failureDetail, failureReasonOf } from '../shared/failure-reason-of.ts'
import type { FailureReason } from '../shared/failure-reasons.ts'
import { readAfterFailedWrite } from './read-after-failed-write.ts'
import { type ConnectContext, socketOptions, watchAttempts, writeHeader } from './socket-options.ts'

/** The bytes that a connection expects next: none, a response's head or its body, or those of a tunnel. */
type UpstreamState = 'idle' | 'head' | 'body' | 'tunnel'

/**
 * One connection to a backend, or an HTTP/2 stream that is used like one. It serves one request at a time,
 * for a `User` of which this room knows nothing.
 */
export interface UpstreamConnection<User> extends BufferOwner {
  socket: ByteStream
  /** An HTTP/2 stream copies all that is written to it. */
  copiesWrites: boolean
  /** The backend's row. */
  readonly row: number
  /** The backend's name. */
  readonly id: string
  /** PROXY protocol header with which it began, which names its client; '' for none. */
  header: string
  /** Undefined while the connection is idle. */
  user: User | undefined
  state: UpstreamState
  connected: boolean
  /** It served a request before, so the backend may have closed it in the meantime. */
  reused: boolean
  /** Its request must not be sent twice. */
  onceOnly: boolean
  /** The backend no longer reads; a response may still come. */
  writeFailed: boolean
  /** No byte of the request was sent before the connection failed. */
  nothingSent: boolean
  closed: boolean
  /** Why it failed, where an error said so, or would fail if it timed out now; and the error in one line. */
  reason: FailureReason | undefined
  detail: string
  /** Bytes of requests that the backend had taken when `hasTakenMore` was called last. */
  takenBefore: number
  /** When it became idle, in seconds. */
  idleSince: number
  /** The start of a head whose end has not come yet. */
  partialHead: Buffer | undefined
  /** How the body of the response is framed, and how many bytes of it are missing. */
  framing: FramingKind
  left: number
  chunks: Chunks | undefined
  /** The backend keeps the connection open after this response. */
  keepAlive: boolean
  /**
   * Further bytes may come in the turn of the event loop in which the last ones came: records of TLS come one by one, though they
   * were read together, and a read that filled its buffer is followed by another.
   */
  mayHoldMore: boolean
}

/** Events of a connection to a backend. */
export interface UpstreamEvents<User> {
  connected(connection: UpstreamConnection<User>): void
  /** Bytes of a response came, in memory that is reused after the call. */
  data(connection: UpstreamConnection<User>, bytes: Buffer): void
  /** All that was written has been sent. */
  writable(connection: UpstreamConnection<User>): void
  /** A write failed: the backend no longer reads. */
  writeFailed(connection: UpstreamConnection<User>): void
  /** The connection closed; `clean` where the backend ended it without an error. */
  closed(connection: UpstreamConnection<User>, clean: boolean): void
}

/** Options of a plain connection. */
interface PlainOptions extends ConnectContext {
  readonly address: BackendAddress
  readonly row: number
  readonly readBuffer: Buffer
}

/** Opens a plain connection to a backend. All of a worker's read into the same `readBuffer`. */
export function openConnection<User>(
  options: PlainOptions,
  events: UpstreamEvents<User>,
): UpstreamConnection<User> {
  const { address, row, readBuffer } = options
  const socket = connect({
    ...socketOptions(address, options),
    noDelay: true,
    onread: {
      buffer: readBuffer,
      callback: (size) => {
        connection.mayHoldMore = size === readBuffer.length
        events.data(connection, readBuffer.subarray(0, size))
        return true
      },
    },
  })
  const connection = newConnection<User>(socket, row, address.id)
  watchLookup(connection, socket, address, options.names)
  socket.on('connect', () => {
    enableTcpKeepAlive(socket, options.tcpKeepAlive)
    onConnected(connection, events)
  })
  listen(connection, socket, events)
  writeHeader(socket, options)
  return connection
}

/** Until its name is known, a connection that times out waits for the lookup. */
export function watchLookup<User>(
  connection: UpstreamConnection<User>,
  socket: Socket,
  address: BackendAddress,
  names: Names,
): void {
  if (isIP(address.host) !== 0) return
  connection.reason = 'lookup-timeout'
  socket.once('lookup', () => {
    connection.reason = undefined
  })
  watchAttempts(socket, address, names)
}

/** The record of a connection that is not established yet. */
export function newConnection<User>(
  socket: ByteStream,
  row: number,
  id: string,
): UpstreamConnection<User> {
  return {
    socket,
    copiesWrites: false,
    pendingBuffer: undefined,
    row,
    id,
    header: '',
    user: undefined,
    state: 'idle',
    connected: false,
    reused: false,
    onceOnly: false,
    writeFailed: false,
    nothingSent: false,
    closed: false,
    reason: undefined,
    detail: '',
    takenBefore: -1,
    idleSince: 0,
    partialHead: undefined,
    framing: framing.length,
    left: 0,
    chunks: undefined,
    keepAlive: true,
    mayHoldMore: false,
  }
}

/** The connection is established: its request may be sent. */
export function onConnected<User>(
  connection: UpstreamConnection<User>,
  events: UpstreamEvents<User>,
): void {
  connection.connected = true
  events.connected(connection)
}

/** Uses `socket`, which reads into memory of its own, for a connection from now on. */
export function attach<User>(
  connection: UpstreamConnection<User>,
  socket: Socket,
  events: UpstreamEvents<User>,
): void {
  connection.socket = socket
  socket.on('data', (bytes: Buffer) => {
    connection.mayHoldMore = true
    events.data(connection, bytes)
  })
  listen(connection, socket, events)
}

function listen<User>(
  connection: UpstreamConnection<User>,
  socket: Socket,
  events: UpstreamEvents<User>,
): void {
  const onClosed = (clean: boolean) => {
    if (connection.closed) return
    connection.closed = true
    socket.destroy()
    events.closed(connection, clean)
  }
  socket.on('drain', () => events.writable(connection))
  socket.on('end', () => onClosed(true))
  socket.on('error', (error) => {
    fail(connection, error)
    onClosed(false)
  })
  socket.on('close', () => onClosed(false))
  readAfterFailedWrite(socket, () => {
    if (connection.closed) return
    connection.writeFailed = true
    events.writeFailed(connection)
  })
}

/** Keeps why a connection failed, for the reply and for the log. */
export function fail<User>(connection: UpstreamConnection<User>, error: Error): void {
  connection.reason = failureReasonOf(error, connection.connected ? 'exchange' : 'connect')
  connection.detail = failureDetail(error)
}

/** Closes a connection at once. No event follows. */
export function discard<User>(connection: UpstreamConnection<User>): void {
  connection.closed = true
  connection.user = undefined
  connection.socket.destroy()
}
