import type { Chunks } from '../http/chunks.ts'
import type { ConnectionInfo } from '../http/write-request-head.ts'
import type { BufferOwner } from '../io/write-buffer.ts'
import type { ProxyContext } from '../proxy/context.ts'
import { count, tally } from '../shared/counters.ts'
import type { ByteStream, UpstreamConnection } from '../upstream/connection.ts'

/** What a client's connection is doing. */
export const clientState = {
  /** Waiting for a head, or in the middle of one. */
  head: 0,
  /** Passing on the body of a request. */
  body: 1,
  /** The request is complete; its answer is not. */
  waiting: 2,
  tunnel: 3,
  /** The last answer is written: what still comes is thrown away until the client closes. */
  lingering: 4,
  closed: 5,
  /** It carries streams, each of which is a client of its own: see src/balancer/h2. */
  session: 6,
} as const

/** What the data path does with a client's connection, or with the stream that stands for one. */
export interface ClientSocket extends ByteStream {
  readonly bytesWritten: number
  resetAndDestroy(): unknown
}

/**
 * One client's connection, with the request that is being served on it: one at a time, so that
 * pipelined requests are answered in their order and the record can be used again for each.
 */
export interface ClientConnection extends BufferOwner {
  readonly lane: ProxyContext
  readonly socket: ClientSocket
  readonly hop: ConnectionInfo
  /** The connection that this is a stream of; undefined where it is a connection itself. */
  readonly parent: ClientConnection | undefined
  /** What runs on a connection that carries streams. */
  session: Session | undefined
  state: number
  /** What was read and not used up yet, from `at` on. */
  input: Buffer | undefined
  at: number
  /** The client closed its side. */
  ended: boolean
  /** `proceed` is at work further down the stack. */
  proceeding: boolean
  /** When to give up on what is awaited, in seconds; Infinity: never. */
  deadline: number
  /** When to see whether a client that closed its side is still there, in seconds. */
  probeAt: number
  /** Octets that had been written when that was last looked at. */
  written: number
  readonly request: Exchange
}

/** The streams of a connection. */
interface Session {
  /** Those that are open. */
  streams: number
  /** Takes no new streams, and ends the connection with the last that is open. */
  close(): void
}

/** The request that a client's connection serves now. */
export interface Exchange {
  /** The backend in whose `inFlight` it counts, or −1. */
  row: number
  upstream: UpstreamConnection | undefined
  /** The request as it goes to a backend, as far as it was read at the first try. */
  image: Buffer | undefined
  /** The image is all that was sent, so that it can be sent again. */
  whole: boolean
  /** May be sent twice without harm: RFC 9110, section 9.2.2. */
  idempotent: boolean
  toHead: boolean
  minor: number
  keepAlive: boolean
  expectsContinue: boolean
  acceptsTrailers: boolean
  upgrade: string
  /** What hash algorithms hash. */
  key: string
  /** How the request's body is framed, and what is missing of it. */
  left: number
  chunks: Chunks | undefined
  /** Octets of the body that were read, for its limit. */
  bodyOctets: number
  tries: number
  tried: Set<number> | undefined
  retrying: boolean
  /** When it must be answered in full, in seconds; Infinity: never. */
  until: number
  /** When it was sent to its backend, in seconds. */
  sentAt: number
  /** When its head was read, in seconds. */
  startedAt: number
  /** For the access log alone. */
  method: string
  target: string
  /** Of the answer; 0 before there is one. */
  status: number
  /** Who answered; '' where it was not a backend. */
  backend: string
  /** Octets of the answer's body that were passed on. */
  answerOctets: number
  /** A final answer's head was written to the client. */
  answering: boolean
  /** The answer goes out in the chunked coding. */
  chunkedAnswer: boolean
}

/** The record of a connection that was just accepted, or of a stream that was just opened. */
export function newClientConnection(
  lane: ProxyContext,
  {
    socket,
    hop,
    late = false,
    parent,
  }: {
    readonly socket: ClientSocket
    readonly hop: ConnectionInfo
    readonly late?: boolean
    readonly parent?: ClientConnection
  },
): ClientConnection {
  return {
    lane,
    socket,
    hop,
    late,
    parent,
    session: undefined,
    lent: undefined,
    state: clientState.head,
    input: undefined,
    at: 0,
    ended: false,
    proceeding: false,
    deadline: 0,
    probeAt: Number.POSITIVE_INFINITY,
    written: -1,
    request: {
      row: -1,
      upstream: undefined,
      image: undefined,
      whole: true,
      idempotent: true,
      toHead: false,
      minor: 1,
      keepAlive: true,
      expectsContinue: false,
      acceptsTrailers: false,
      upgrade: '',
      key: hop.address,
      left: 0,
      chunks: undefined,
      bodyOctets: 0,
      tries: 0,
      tried: undefined,
      retrying: false,
      until: Number.POSITIVE_INFINITY,
      sentAt: 0,
      startedAt: 0,
      method: '',
      target: '',
      status: 0,
      backend: '',
      answerOctets: 0,
      answering: false,
      chunkedAnswer: false,
    },
  }
}

/** Keeps what came for later. */
export function keep(client: ClientConnection, chunk: Buffer): void {
  const { input, at } = client
  client.input =
    input === undefined || at === input.length ? chunk : Buffer.concat([input.subarray(at), chunk])
  client.at = 0
}

/** Marks the input as used up to `at`. */
export function used(client: ClientConnection, at: number): void {
  client.at = at
  if (client.input !== undefined && at >= client.input.length) {
    client.input = undefined
    client.at = 0
  }
}

/** Whether there is input that was not used yet. */
export function hasInput(client: ClientConnection): boolean {
  return client.input !== undefined
}

/** Cuts the connection at once; `reset` where the client must not take it for a clean end. */
export function destroyConnection(client: ClientConnection, reset = false): void {
  if (client.state === clientState.closed) return
  client.state = clientState.closed
  client.lane.clients.delete(client)
  if (client.parent === undefined) tally(client.lane.counters, count.closed)
  client.input = undefined
  if (reset) client.socket.resetAndDestroy()
  else client.socket.destroy()
}

/**
 * Ends the connection once everything is written, and throws away what the client still sends: closing
 * with unread input would reset the connection, and the answer could be lost (RFC 9112, section 9.6).
 */
export function linger(client: ClientConnection): void {
  client.state = clientState.lingering
  client.input = undefined
  client.deadline = client.lane.now() + client.lane.settings.timeouts.linger
  client.socket.end()
  client.socket.resume()
  if (client.ended && client.socket.writableLength === 0) destroyConnection(client)
}
