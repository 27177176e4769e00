import { connect as connectTo, type Socket } from 'node:net'
import type { BackendAddress } from '../config/backend-address.ts'
import type { ClientConnection } from '../downstream/connection.ts'
import type { Chunks } from '../http/chunks.ts'
import type { BufferOwner, Writable } from '../io/write-buffer.ts'

/** What an upstream connection waits for. */
export const upstreamState = { nothing: 0, head: 1, body: 2, tunnel: 3 } as const

/** What the data path does with a connection to a backend: a socket, or a stream that stands for one. */
export interface ByteStream extends Writable {
  end(): void
  pause(): void
  resume(): void
  isPaused(): boolean
  destroy(): void
}

/** One connection to a backend. It serves one request at a time. */
export interface UpstreamConnection extends BufferOwner {
  socket: ByteStream
  readonly row: number
  /** The backend's name. */
  readonly id: string
  /** Whom it works for; undefined while it waits in the pool. */
  client: ClientConnection | undefined
  connected: boolean
  /** It served a request before, so that the backend may have closed it meanwhile. */
  reused: boolean
  /** It can no longer be written to; an answer may still come. */
  deaf: boolean
  /** It was so before any octet of its request was written. */
  unsent: boolean
  gone: boolean
  /** When it went into the pool, in seconds. */
  idleSince: number
  state: number
  /** The start of a head whose end has not come yet. */
  partial: Buffer | undefined
  /** How the body of the answer is framed, and what is missing of it. */
  framing: number
  left: number
  chunks: Chunks | undefined
  /** The backend may be asked again on this connection. */
  keepAlive: boolean
}

/** What happens on a connection to a backend. */
export interface UpstreamEvents {
  ready(upstream: UpstreamConnection): void
  /** Octets of an answer came, in memory that is used again. */
  read(upstream: UpstreamConnection, bytes: Buffer): void
  drained(upstream: UpstreamConnection): void
  /** What was written did not arrive: the backend no longer reads. */
  unheard(upstream: UpstreamConnection): void
  /** It is closed; `clean` where the backend ended it in good order. */
  gone(upstream: UpstreamConnection, clean: boolean): void
}

/** Opens a connection to a backend. All of them read into the same `inbox`. */
export function openUpstream(
  {
    address,
    row,
    inbox,
  }: { readonly address: BackendAddress; readonly row: number; readonly inbox: Buffer },
  events: UpstreamEvents,
): UpstreamConnection {
  const socket = connectTo({
    host: address.host,
    port: address.port,
    noDelay: true,
    onread: {
      buffer: inbox,
      callback: (size) => {
        events.read(upstream, inbox.subarray(0, size))
        return true
      },
    },
  })
  const upstream = newUpstream(socket, row, address.id)
  socket.on('connect', () => stand(upstream, events))
  listen(upstream, socket, events)
  return upstream
}

/** The record of a connection that does not stand yet. */
export function newUpstream(socket: ByteStream, row: number, id: string): UpstreamConnection {
  return {
    socket,
    lent: undefined,
    row,
    id,
    client: undefined,
    connected: false,
    reused: false,
    deaf: false,
    unsent: false,
    gone: false,
    idleSince: 0,
    state: upstreamState.nothing,
    partial: undefined,
    framing: 0,
    left: 0,
    chunks: undefined,
    keepAlive: true,
  }
}

/** The connection stands: its request may be sent. */
export function stand(upstream: UpstreamConnection, events: UpstreamEvents): void {
  upstream.connected = true
  events.ready(upstream)
}

/** Has a connection go on over a socket that reads into memory of its own. */
export function attach(upstream: UpstreamConnection, socket: Socket, events: UpstreamEvents): void {
  upstream.socket = socket
  socket.on('data', (bytes: Buffer) => events.read(upstream, bytes))
  listen(upstream, socket, events)
}

function listen(upstream: UpstreamConnection, socket: Socket, events: UpstreamEvents): void {
  const leave = (clean: boolean) => {
    if (upstream.gone) return
    upstream.gone = true
    socket.destroy()
    events.gone(upstream, clean)
  }
  socket.on('drain', () => events.drained(upstream))
  socket.on('end', () => leave(true))
  socket.on('error', () => leave(false))
  socket.on('close', () => leave(false))
  keepAfterFailedWrite(upstream, socket, events)
}

/**
 * A backend may answer and close before it has read all of a request. A write that fails then would
 * have Node destroy the socket together with the answer that waits in it; so the failure is kept
 * from the stream, and reading goes on.
 */
function keepAfterFailedWrite(
  upstream: UpstreamConnection,
  socket: Socket,
  events: UpstreamEvents,
): void {
  const forgiving = (done: (error?: Error | null) => void) => (error?: Error | null) => {
    if (error && !upstream.gone) {
      upstream.deaf = true
      events.unheard(upstream)
    }
    done()
  }
  const write = socket._write.bind(socket)
  const writeAll = socket._writev?.bind(socket)
  socket._write = (chunk, encoding, done) => write(chunk, encoding, forgiving(done))
  socket._writev = (chunks, done) => writeAll?.(chunks, forgiving(done))
}

/** Closes a connection at once. Nobody is told. */
export function discard(upstream: UpstreamConnection): void {
  upstream.gone = true
  upstream.client = undefined
  upstream.socket.destroy()
}
