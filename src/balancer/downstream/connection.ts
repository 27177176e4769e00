import type { BalancerSettings } from '../config/config.ts'
import type { RequestHead } from '../http/request-head.ts'
import type { ConnectionInfo } from '../http/write-origin.ts'
import type { ByteStream } from '../io/byte-stream.ts'
import { type BufferOwner, release, type WriteBuffer } from '../io/write-buffer.ts'
import { type Counters, slotCount, tally } from '../shared/counters.ts'
import type { FailureReason } from '../shared/failure-reasons.ts'
import { clientInfo } from './client-info.ts'
import { isShared } from './shared-read.ts'

/**
 * - `proxy header`: waits for the PROXY protocol header with which the connection begins.
 * - `head`: waits for the head of a request, or has a part of it.
 * - `exchange`: a request is being served.
 * - `preface`: the client started HTTP/2, and its session is about to start.
 * - `session`: carries HTTP/2 streams, each of which is a client connection of its own.
 * - `lingering`: the last response is written, and further input is discarded until the client closes.
 * - `closed`
 */
type ClientState =
  | 'proxy header'
  | 'head'
  | 'exchange'
  | 'preface'
  | 'session'
  | 'lingering'
  | 'closed'

/** The socket of a client, or an HTTP/2 stream that is used like one. */
export interface ClientSocket extends ByteStream {
  /** Undefined for a stream. */
  readonly remotePort?: number | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  resetAndDestroy(): unknown
}

/**
 * One connection of a client, or an HTTP/2 stream that is used like one. Requests on it are served one
 * at a time, for a `User` of which this room knows nothing: pipelined requests are answered in order, and
 * one record serves them all.
 */
export interface ClientConnection<User> extends BufferOwner {
  /** All three are replaced when the configuration changes, while no request is being served: `moveConnection`. */
  context: DownstreamContext<User>
  user: User
  info: ConnectionInfo
  /** Over TLS it is the plain one until the handshake begins. */
  socket: ClientSocket
  /** The connection of an HTTP/2 stream; undefined for a connection. */
  readonly parent: ClientConnection<User> | undefined
  /** The HTTP/2 session on a connection. */
  session: Session | undefined
  state: ClientState
  /** Bytes that were read and not used yet, from offset `at` on. */
  input: Buffer | undefined
  at: number
  /** A request was served on it, so it cannot start HTTP/2 any more. */
  hadRequest: boolean
  /** The client closed its side. */
  ended: boolean
  /** `readRequests` is running further up the call stack. */
  readingRequests: boolean
  /** When the first byte of the head came that is being read, in seconds; Infinity: it came with bytes before it. */
  headAt: number
  /** When the current wait times out, in seconds; Infinity: never. */
  deadline: number
  /** When to check whether a client that closed its side is still there, in seconds. */
  probeAt: number
  /** When it stops to linger, though the client still sends, in seconds. */
  lingerUntil: number
  /** Bytes that the kernel had taken when `hasSentMore` was called last. */
  sentBefore: number
}

/** HTTP/2 on a connection. */
interface Session {
  /** Takes bytes from the client. */
  receive(bytes: Buffer): void
  /** Checks the time limits of the session, at `now` in seconds. Called several times a second. */
  checkTimeouts(now: number): void
  /** Starts a graceful shutdown: the connection closes with the last stream that is open. */
  close(): void
  /** The client closed its side. */
  ended(): void
}

/** Events of client connections. */
export interface ClientEvents<User> {
  /** A connection was accepted, or a stream opened: makes the user that will serve its requests. */
  opened(connection: ClientConnection<User>): User
  /** The head of a request was read into `scratch.requestHead`. The state is `exchange` from now on. */
  request(connection: ClientConnection<User>): void
  /** Bytes came while a request is being served. */
  data(connection: ClientConnection<User>, bytes: Buffer): void
  /** All that was written has been sent. */
  writable(connection: ClientConnection<User>): void
  /** The client closed its side while its request is being served. */
  halfClosed(connection: ClientConnection<User>): void
  /** A local reply was written to bytes that are no acceptable request. */
  refused(connection: ClientConnection<User>, status: number, reason: FailureReason): void
  /** The connection broke while a request was being served. */
  closed(connection: ClientConnection<User>): void
}

/** Settings, memory and events that the client connections of a worker share. */
export interface DownstreamContext<User> {
  readonly settings: BalancerSettings
  /** All open connections and streams. */
  readonly clients: Set<ClientConnection<User>>
  readonly events: ClientEvents<User>
  /** Memory that is used within one turn only. */
  readonly scratch: { readonly requestHead: RequestHead; readonly buffer: WriteBuffer }
  readonly observe: { readonly counters: Counters; readonly slot: Counters }
  /** Seconds on a monotonic clock. */
  readonly now: () => number
  /** The balancer is stopping: connections close after their next response. */
  readonly draining: boolean
  /** When the last request came, in seconds; −Infinity before the first. */
  readonly lastRequestAt: number
}

/** Options of a client connection. */
interface ConnectionOptions<User> {
  readonly socket: ClientSocket
  readonly info: ConnectionInfo
  readonly asyncWrites?: boolean
  readonly parent?: ClientConnection<User>
}

/**
 * Adds a connection that was accepted, or a stream that was opened. Its owner reports the events of the socket
 * to `onWritable` and `onClosed`.
 */
export function openConnection<User>(
  context: DownstreamContext<User>,
  { socket, info, asyncWrites = false, parent }: ConnectionOptions<User>,
): ClientConnection<User> {
  const connection: Omit<ClientConnection<User>, 'user'> & { user: User | undefined } = {
    context,
    user: undefined,
    socket,
    info,
    asyncWrites,
    copiesWrites: parent !== undefined,
    parent,
    session: undefined,
    pendingBuffer: undefined,
    state: 'head',
    input: undefined,
    at: 0,
    hadRequest: false,
    ended: false,
    readingRequests: false,
    headAt: Number.POSITIVE_INFINITY,
    deadline: context.now() + context.settings.timeouts.head,
    probeAt: Number.POSITIVE_INFINITY,
    lingerUntil: Number.POSITIVE_INFINITY,
    sentBefore: -1,
  }
  // The user and its connection refer to each other: nothing reads `user` before it is set.
  const client = connection as ClientConnection<User>
  connection.user = context.events.opened(client)
  context.clients.add(client)
  return client
}

/** Moves a connection to another context, whose settings apply to its next request. None may be in progress on it. */
export function moveConnection<User>(
  client: ClientConnection<User>,
  context: DownstreamContext<User>,
): void {
  client.context.clients.delete(client)
  client.context = context
  client.info = clientInfo(context.settings, client.info)
  client.user = context.events.opened(client)
  context.clients.add(client)
}

/** All that was written to the socket has been sent. */
export function onWritable<User>(client: ClientConnection<User>): void {
  const { scratch, events } = client.context
  release(scratch.buffer, client)
  events.writable(client)
}

/** The socket broke or was closed. */
export function onClosed<User>(client: ClientConnection<User>): void {
  if (client.state === 'exchange') client.context.events.closed(client)
  else destroyConnection(client)
}

/** The client ended its side of a tunnel. */
export function onHalfClosed<User>(client: ClientConnection<User>): void {
  client.context.events.halfClosed(client)
}

/** The socket of `client` has sent everything, with its end: the client has `timeouts.linger` to close. */
export function onFinished<User>(client: ClientConnection<User>): void {
  if (client.state === 'lingering') startLinger(client)
}

/** Adds bytes to the input. */
export function keep<User>(client: ClientConnection<User>, bytes: Buffer): void {
  const { input, at } = client
  client.input =
    input === undefined || at === input.length ? bytes : Buffer.concat([input.subarray(at), bytes])
  client.at = 0
}

/** Copies what is left of the input where the next read would overwrite it. */
export function keepOwned<User>(client: ClientConnection<User>): void {
  const { input, at } = client
  if (input === undefined || !isShared(input)) return
  client.input = Buffer.from(input.subarray(at))
  client.at = 0
}

/** Marks the input as used up to offset `at`. */
export function consume<User>(client: ClientConnection<User>, at: number): void {
  client.at = at
  if (client.input !== undefined && at >= client.input.length) {
    client.input = undefined
    client.at = 0
  }
}

/**
 * Bytes of responses that may wait for a client. From here on, `readRequests` (receive.ts) serves no further request of
 * its connection, which limits the memory that a pipelining client can cause that does not read.
 */
const maxUnsent = 65_536

/** Whether so much waits for the client that its next request must wait, too; `writable` follows. */
export function isCongested<User>({ socket }: ClientConnection<User>): boolean {
  return socket.writableLength >= maxUnsent
}

/** Whether there is input that was not used yet. */
export function hasInput<User>(client: ClientConnection<User>): boolean {
  return client.input !== undefined
}

/** Closes the connection at once; with `reset` the client sees an error, and not the end of a response. */
export function destroyConnection<User>(client: ClientConnection<User>, reset = false): void {
  if (client.state === 'closed') return
  client.state = 'closed'
  client.context.clients.delete(client)
  if (client.parent === undefined) tally(client.context.observe.slot, slotCount.closed)
  client.input = undefined
  if (reset) client.socket.resetAndDestroy()
  else client.socket.destroy()
}

/**
 * Closes the connection once everything is written, and discards further input until the client closes, too.
 * To close with unread input would reset the connection, and could lose the response: RFC 9112, section 9.6.
 */
export function linger<User>(client: ClientConnection<User>): void {
  if (client.parent !== undefined) {
    // A stream sends the rest of its response by itself.
    destroyConnection(client)
    return
  }
  const { context, socket } = client
  client.state = 'lingering'
  client.input = undefined
  startLinger(client)
  if (socket.writableLength > 0) {
    client.deadline = context.now() + context.settings.timeouts.idle
  }
  socket.end()
  socket.resume()
  if (client.ended && socket.writableLength === 0) destroyConnection(client)
}

/** Maximum time of lingering, as a multiple of `timeouts.linger`: a client that goes on sending must stop some time. */
const maxLingers = 30

function startLinger<User>(client: ClientConnection<User>): void {
  const { context } = client
  const { linger: seconds } = context.settings.timeouts
  client.deadline = context.now() + seconds
  client.lingerUntil = context.now() + seconds * maxLingers
}

/** The client still sends: it has not read the response yet, so the time to close starts anew. */
export function keepLingering<User>(client: ClientConnection<User>): void {
  const { context, socket, lingerUntil } = client
  if (socket.writableLength > 0) return
  client.deadline = Math.min(context.now() + context.settings.timeouts.linger, lingerUntil)
}
