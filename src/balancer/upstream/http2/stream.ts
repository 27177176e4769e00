import type { ClientHttp2Stream } from 'node:http2'
import type { ByteBuffer } from '../../http/byte-buffer.ts'
import { closeChunk, openChunk } from '../../http/chunk-writer.ts'
import { type Chunks, chunks, decode, isDone } from '../../http/chunks.ts'
import { framing } from '../../http/framing.ts'
import type { Head } from '../../http/head.ts'
import {
  type ByteStream,
  newUpstream,
  type UpstreamConnection,
  type UpstreamEvents,
  upstreamState,
} from '../connection.ts'
import type { Attempt } from './connect.ts'
import { requestFields, trailerFields } from './request-fields.ts'
import { answerHead, lastChunk } from './response-to-http1.ts'
import { askIfAlive, type Session, takesStreams } from './session.ts'

/** RFC 9113, section 7. */
const errorCode = { none: 0, refusedStream: 7, cancel: 8 } as const
/** END_STREAM, in the flags of a frame. */
const endStream = 1
/** Milliseconds in which a backend may end a stream after the last octet that it announced. */
const endPatience = 1000

/** What all passages of a worker share. */
export interface Http2Streams {
  readonly events: UpstreamEvents
  /** For the head that is being sent, and for the octets that are being read. */
  readonly head: Head
  readonly frames: ByteBuffer
  /** Seconds for which a silent session is asked whether it is still there. */
  readonly patience: number
  /** A stream ended. */
  ended(session: Session): void
}

/** One request's way to a backend through an HTTP/2 session, which stands for a connection of its own. */
export interface Http2Stream {
  readonly of: Http2Streams
  readonly upstream: UpstreamConnection
  readonly scheme: 'http' | 'https'
  /** It is the second try of what an old connection lost: a third is not free. */
  readonly fresh: boolean
  /** What it waits for, until it has a session. */
  attempt: Attempt | undefined
  session: Session | undefined
  stream: ClientHttp2Stream | undefined
  toHead: boolean
  /** What is missing of the request's body, and its coding. */
  left: number
  coding: Chunks | undefined
  /** The answer's body goes on in the chunked coding. */
  chunked: boolean
  /** The backend ended the answer; without it the stream was broken off. */
  whole: boolean
  trailers: readonly string[]
}

/** A passage to the backend in `row` that waits for a session. */
export function newHttp2Stream(
  of: Http2Streams,
  given: Pick<Http2Stream, 'scheme' | 'fresh'> & { readonly row: number; readonly id: string },
): Http2Stream {
  const { scheme, fresh, row, id } = given
  const passage: Http2Stream = {
    of,
    upstream: newUpstream(
      wire(() => passage),
      row,
      id,
    ),
    scheme,
    fresh,
    attempt: undefined,
    session: undefined,
    stream: undefined,
    toHead: false,
    left: 0,
    coding: undefined,
    chunked: false,
    whole: false,
    trailers: [],
  }
  return passage
}

/** Has the passage go through a session that has room. */
export function assignSession(passage: Http2Stream, session: Session): void {
  session.open++
  passage.session = session
  passage.upstream.reused = session.used && !passage.fresh
  passage.upstream.connected = true
}

/** What was written is copied, since the writer uses its memory again. */
function wire(passage: () => Http2Stream): ByteStream {
  return {
    get writableLength() {
      return passage().stream?.writableLength ?? 0
    },
    write(bytes) {
      const { stream } = passage()
      return stream === undefined ? open(passage(), bytes) : passBody(passage(), stream, bytes)
    },
    // Only tunnels are ended, and they need a connection of their own.
    end: () => undefined,
    pause: () => void passage().stream?.pause(),
    resume: () => void passage().stream?.resume(),
    isPaused: () => passage().stream?.isPaused() === true,
    destroy: () => leave(passage()),
  }
}

/** Opens the stream with a request's head, and sends what came of its body. */
function open(passage: Http2Stream, image: Buffer): boolean {
  const { of, scheme, session, upstream } = passage
  if (session === undefined) return true
  if (!takesStreams(session)) {
    // It ended since it was boarded: as a write to a connection that was reset, which fails at once.
    upstream.deaf = true
    process.nextTick(() => upstream.gone || lose(passage))
    return true
  }
  const { fields, method, body, end } = requestFields(of.head, image, scheme)
  const bare = body.kind === framing.length && body.length === 0
  passage.toHead = method === 'HEAD'
  passage.left = body.length
  passage.coding = body.kind === framing.chunked ? chunks() : undefined
  const trailing = passage.coding !== undefined
  const stream = session.http2.request(fields, { endStream: bare, waitForTrailers: trailing })
  passage.stream = stream
  listen(passage, stream)
  return bare || end === image.length || passBody(passage, stream, image.subarray(end))
}

/** Sends octets of the request's body, of which `bytes` have HTTP/1.1's framing. */
function passBody(passage: Http2Stream, stream: ClientHttp2Stream, bytes: Buffer): boolean {
  if (stream.writableEnded || stream.destroyed) return true
  const { coding } = passage
  const data = Buffer.allocUnsafe(bytes.length)
  let size = bytes.length
  if (coding === undefined) passage.left -= bytes.copy(data)
  else {
    decode(coding, bytes, { from: 0, out: data, to: 0 })
    size = coding.wrote
  }
  const more = size === 0 || stream.write(data.subarray(0, size))
  if (coding === undefined ? passage.left === 0 : isDone(coding)) stream.end()
  return more
}

function listen(passage: Http2Stream, stream: ClientHttp2Stream): void {
  const { upstream, of } = passage
  const push = stream.push.bind(stream)
  // Node ends a stream that was reset without an error as it ends one that is complete, but only
  // after it was marked as closed.
  stream.push = (chunk) => {
    if (chunk === null && !stream.closed) passage.whole = true
    return push(chunk)
  }
  stream.on('headers', (_fields, flags, raw) => onHead(passage, flags, raw))
  stream.on('response', (_fields, flags, raw) => onHead(passage, flags, raw))
  stream.on('trailers', (_fields, _flags, raw) => {
    passage.trailers = raw ?? []
  })
  stream.on('data', (chunk: Buffer) => onData(passage, stream, chunk))
  stream.on('end', () => onEnd(passage))
  stream.on('drain', () => of.events.drained(upstream))
  stream.on('wantTrailers', () => stream.sendTrailers(trailerFields(passage.coding?.trailers)))
  stream.on('aborted', () => {
    if (upstream.gone) return
    upstream.deaf = true
    of.events.unheard(upstream)
  })
  stream.on('error', () => undefined)
  stream.on('close', () => onClose(passage))
}

function onHead(passage: Http2Stream, flags: number, raw: readonly string[] | undefined): void {
  const { of, session, toHead, upstream } = passage
  if (upstream.gone || session === undefined) return
  session.used = true
  const ended = (flags & endStream) !== 0
  const { chunked, octets } = answerHead(raw ?? [], { ended, toHead })
  passage.chunked = chunked
  of.events.read(upstream, octets)
}

function onData(passage: Http2Stream, stream: ClientHttp2Stream, chunk: Buffer): void {
  const { of, chunked, upstream } = passage
  if (upstream.gone) stream.close(errorCode.cancel)
  else if (chunked) of.events.read(upstream, framed(of.frames, chunk))
  else of.events.read(upstream, chunk)
}

/** Data as a chunk. */
function framed(frames: ByteBuffer, data: Buffer): Buffer {
  frames.length = 0
  const chunk = openChunk(frames, data.length)
  data.copy(frames.bytes, chunk.data)
  closeChunk(frames, chunk, data.length)
  return frames.bytes.subarray(0, frames.length)
}

function onEnd(passage: Http2Stream): void {
  const { of, upstream, chunked, trailers, whole } = passage
  if (upstream.gone) return
  if (whole && chunked) of.events.read(upstream, lastChunk(trailers))
  else lose(passage)
}

function onClose(passage: Http2Stream): void {
  const { of, session } = passage
  if (!passage.upstream.gone) lose(passage)
  passage.session = undefined
  if (session !== undefined) of.ended(session)
}

/** The stream ended before the answer was complete. */
function lose(passage: Http2Stream): void {
  const { of, session, stream, upstream, fresh } = passage
  const unseen = stream?.id === undefined || stream.id > (session?.lastSeen ?? 0)
  // What the backend did not look at may be sent again, whatever it was: RFC 9113, section 8.7.
  upstream.unsent = unseen || stream.rstCode === errorCode.refusedStream
  // A session that comes to its end is no fault of the backend; a stream that does is.
  upstream.reused = !fresh && (unseen || (upstream.reused && session?.leaving === true))
  upstream.gone = true
  of.events.gone(upstream, false)
}

/** The request is done with, or given up: the backend need not go on with it. */
function leave(passage: Http2Stream): void {
  const { of, session, stream, upstream } = passage
  if (stream === undefined) {
    passage.attempt?.leave(passage)
    passage.session = undefined
    if (session !== undefined) of.ended(session)
    return
  }
  if (stream.destroyed) return
  if (upstream.state === upstreamState.head && session !== undefined)
    askIfAlive(session, of.patience)
  if (stream.writableEnded && isRead(passage)) stream.setTimeout(endPatience, () => cancel(stream))
  else cancel(stream)
  stream.resume()
}

function cancel(stream: ClientHttp2Stream): void {
  stream.close(errorCode.cancel)
}

/** Whether all of the answer was read, though the end of the stream may still be on its way. */
function isRead({ whole, upstream }: Http2Stream): boolean {
  if (whole || upstream.state !== upstreamState.body) return whole
  return upstream.framing === framing.length && upstream.left === 0
}
