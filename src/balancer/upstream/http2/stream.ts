import type { ClientHttp2Stream } from 'node:http2'
import type { ByteBuffer } from '../../http/byte-buffer.ts'
import { closeChunk, openChunk } from '../../http/chunk-writer.ts'
import { type Chunks, chunks, decode, isDone } from '../../http/chunks.ts'
import { framing } from '../../http/framing.ts'
import type { Head } from '../../http/head.ts'
import { fieldsByName } from '../../http/http2-fields.ts'
import type { ByteStream } from '../../io/byte-stream.ts'
import { newConnection, type UpstreamConnection, type UpstreamEvents } from '../connection.ts'
import type { Attempt } from './connect.ts'
import { requestToHttp2 } from './request-to-http2.ts'
import { responseEnd, responseToHttp1 } from './response-to-http1.ts'
import { pingSession, type Session, takesStreams } from './session.ts'

/** RFC 9113, section 7. */
const errorCode = { none: 0, refusedStream: 7, cancel: 8 } as const
/** END_STREAM, in the flags of a frame. */
const endStreamFlag = 1
/** Milliseconds in which a backend may end a stream after the last byte of its Content-Length. */
const endTimeoutMs = 1000

/** Shared by all streams of a worker. */
export interface StreamContext<User> {
  readonly events: UpstreamEvents<User>
  /** Scratch: the head that is being sent, and the data that is being read. */
  readonly head: Head
  readonly frames: ByteBuffer
  /** Seconds in which a silent backend must acknowledge a PING. */
  readonly pingTimeout: number
  /** A stream ended. */
  ended(session: Session): void
}

/**
 * An HTTP/2 stream that is used like a connection of HTTP/1.1: bytes of a request are written to it, and
 * bytes of the response come from it.
 */
export interface Http2Stream<User> {
  readonly context: StreamContext<User>
  readonly connection: UpstreamConnection<User>
  readonly scheme: 'http' | 'https'
  /** It is the second try of a request that an old connection lost, which is retried only once. */
  readonly fresh: boolean
  /** The connect that it waits for, until it has a session. */
  attempt: Attempt<Http2Stream<User>> | undefined
  session: Session | undefined
  http2: ClientHttp2Stream | undefined
  /** The method is HEAD. */
  toHead: boolean
  /** Missing bytes of the request's body, and its chunked coding. */
  left: number
  chunks: Chunks | undefined
  /** The response's body goes on in the chunked coding. */
  chunkedResponse: boolean
  /** The backend ended the response; otherwise the stream broke off. */
  responseComplete: boolean
  trailers: readonly string[]
}

/** A stream to the backend in `row` that has no session yet. */
export function newHttp2Stream<User>(
  context: StreamContext<User>,
  options: Pick<Http2Stream<User>, 'scheme' | 'fresh'> & {
    readonly row: number
    readonly id: string
  },
): Http2Stream<User> {
  const { scheme, fresh, row, id } = options
  const stream: Http2Stream<User> = {
    context,
    connection: newConnection<User>(
      byteStream(() => stream),
      row,
      id,
    ),
    scheme,
    fresh,
    attempt: undefined,
    session: undefined,
    http2: undefined,
    toHead: false,
    left: 0,
    chunks: undefined,
    chunkedResponse: false,
    responseComplete: false,
    trailers: [],
  }
  return stream
}

/** Has the stream use a session that has room. */
export function assignSession<User>(stream: Http2Stream<User>, session: Session): void {
  session.open++
  stream.session = session
  stream.connection.reused = session.used && !stream.fresh
  stream.connection.connected = true
}

/** Bytes that are written are copied, since the caller reuses the memory. */
function byteStream<User>(stream: () => Http2Stream<User>): ByteStream {
  return {
    get writableLength() {
      return stream().http2?.writableLength ?? 0
    },
    write(bytes) {
      const { http2 } = stream()
      return http2 === undefined ? open(stream(), bytes) : writeBody(stream(), http2, bytes)
    },
    // Only tunnels are ended, and they use connections of HTTP/1.1.
    end: () => undefined,
    pause: () => void stream().http2?.pause(),
    resume: () => void stream().http2?.resume(),
    isPaused: () => stream().http2?.isPaused() === true,
    destroy: () => cancel(stream()),
  }
}

/** Opens the stream with a request's head, and sends the part of its body that is behind it. */
function open<User>(stream: Http2Stream<User>, requestBytes: Buffer): boolean {
  const { context, scheme, session, connection } = stream
  if (session === undefined) return true
  if (!takesStreams(session)) {
    // The session closed after it was assigned: as a write that fails at once on a connection that was reset.
    connection.writeFailed = true
    process.nextTick(() => connection.closed || onStreamLost(stream))
    return true
  }
  const { fields, method, body, end } = requestToHttp2(context.head, requestBytes, scheme)
  const noBody = body.kind === framing.length && body.length === 0
  stream.toHead = method === 'HEAD'
  stream.left = body.length
  stream.chunks = body.kind === framing.chunked ? chunks() : undefined
  const waitForTrailers = stream.chunks !== undefined
  const http2 = session.http2.request(fields, { endStream: noBody, waitForTrailers })
  stream.http2 = http2
  listen(stream, http2)
  return (
    noBody || end === requestBytes.length || writeBody(stream, http2, requestBytes.subarray(end))
  )
}

/** Sends bytes of the request's body, which are framed as in HTTP/1.1. */
function writeBody<User>(
  stream: Http2Stream<User>,
  http2: ClientHttp2Stream,
  bytes: Buffer,
): boolean {
  if (http2.writableEnded || http2.destroyed) return true
  const { chunks: coding } = stream
  const data = Buffer.allocUnsafe(bytes.length)
  let size = bytes.length
  if (coding === undefined) stream.left -= bytes.copy(data)
  else {
    decode(coding, bytes, { from: 0, out: data, to: 0 })
    size = coding.wrote
  }
  const more = size === 0 || http2.write(data.subarray(0, size))
  if (coding === undefined ? stream.left === 0 : isDone(coding)) http2.end()
  return more
}

function listen<User>(stream: Http2Stream<User>, http2: ClientHttp2Stream): void {
  const { connection, context } = stream
  const push = http2.push.bind(http2)
  // Node ends a stream that was reset without an error like one that is complete, but only after it
  // was marked as closed.
  http2.push = (chunk) => {
    if (chunk === null && !http2.closed) stream.responseComplete = true
    return push(chunk)
  }
  http2.on('headers', (_fields, flags, raw) => onHead(stream, flags, raw))
  http2.on('response', (_fields, flags, raw) => onHead(stream, flags, raw))
  http2.on('trailers', (_fields, _flags, raw) => {
    stream.trailers = raw ?? []
  })
  http2.on('data', (chunk: Buffer) => onData(stream, http2, chunk))
  http2.on('end', () => onEnd(stream))
  http2.on('drain', () => context.events.writable(connection))
  http2.on('wantTrailers', () => http2.sendTrailers(fieldsByName(stream.chunks?.trailers)))
  http2.on('aborted', () => {
    if (connection.closed) return
    connection.writeFailed = true
    context.events.writeFailed(connection)
  })
  http2.on('error', () => undefined)
  http2.on('close', () => onClose(stream))
}

function onHead<User>(
  stream: Http2Stream<User>,
  flags: number,
  raw: readonly string[] | undefined,
): void {
  const { context, session, toHead, connection } = stream
  if (connection.closed || session === undefined) return
  session.used = true
  const ended = (flags & endStreamFlag) !== 0
  const { chunked, bytes } = responseToHttp1(raw ?? [], { ended, toHead })
  stream.chunkedResponse = chunked
  context.events.data(connection, bytes)
}

function onData<User>(stream: Http2Stream<User>, http2: ClientHttp2Stream, chunk: Buffer): void {
  const { context, chunkedResponse, connection } = stream
  if (connection.closed) http2.close(errorCode.cancel)
  else if (chunkedResponse) context.events.data(connection, asChunk(context.frames, chunk))
  else context.events.data(connection, chunk)
}

/** Data as a chunk of the chunked coding. */
function asChunk(frames: ByteBuffer, data: Buffer): Buffer {
  frames.length = 0
  const chunk = openChunk(frames, data.length)
  data.copy(frames.bytes, chunk.data)
  closeChunk(frames, chunk, data.length)
  return frames.bytes.subarray(0, frames.length)
}

function onEnd<User>(stream: Http2Stream<User>): void {
  const { context, connection, chunkedResponse, trailers, responseComplete } = stream
  if (connection.closed) return
  if (responseComplete && chunkedResponse) context.events.data(connection, responseEnd(trailers))
  else onStreamLost(stream)
}

function onClose<User>(stream: Http2Stream<User>): void {
  const { context, session } = stream
  if (!stream.connection.closed) onStreamLost(stream)
  stream.session = undefined
  if (session !== undefined) context.ended(session)
}

/** The stream ended before the response was complete. */
function onStreamLost<User>(stream: Http2Stream<User>): void {
  const { context, session, http2, connection, fresh } = stream
  const unprocessed = http2?.id === undefined || http2.id > (session?.lastStreamId ?? 0)
  // A request that the backend did not process may be sent again, whatever it was: RFC 9113, section 8.7.
  connection.nothingSent = unprocessed || http2.rstCode === errorCode.refusedStream
  // The end of a session is no failure of the backend; the end of a single stream is.
  connection.reused = !fresh && (unprocessed || (connection.reused && session?.closing === true))
  connection.closed = true
  context.events.closed(connection, false)
}

/** The request is complete or given up: the backend need not go on with it. */
function cancel<User>(stream: Http2Stream<User>): void {
  const { context, session, http2, connection } = stream
  if (http2 === undefined) {
    stream.attempt?.cancel(stream)
    stream.session = undefined
    if (session !== undefined) context.ended(session)
    return
  }
  if (http2.destroyed) return
  if (connection.state === 'head' && session !== undefined) {
    pingSession(session, context.pingTimeout)
  }
  if (http2.writableEnded && isRead(stream)) http2.setTimeout(endTimeoutMs, () => reset(http2))
  else reset(http2)
  http2.resume()
}

function reset(http2: ClientHttp2Stream): void {
  http2.close(errorCode.cancel)
}

/** Whether all of the response was read, though the end of the stream may not have come yet. */
function isRead<User>({ responseComplete, connection }: Http2Stream<User>): boolean {
  if (responseComplete || connection.state !== 'body') return responseComplete
  return connection.framing === framing.length && connection.left === 0
}
