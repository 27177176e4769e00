import { putPart, reserve } from '../../http/byte-buffer.ts'
import { closeChunk, endChunks, openChunk } from '../http/chunk-writer.ts'
import { type Chunks, chunks, decode, isDone } from '../http/chunks.ts'
import { framing } from '../http/framing.ts'
import { readResponseHead } from '../http/response-head.ts'
import { writeInterimHead, writeResponseHead } from '../http/write-response-head.ts'
import { flush } from '../io/write-buffer.ts'
import type { FailureReason } from '../shared/failure-reasons.ts'
import { discard, type UpstreamConnection } from '../upstream/connection.ts'
import { awaitProgress } from './deadline.ts'
import type { Exchange } from './exchange.ts'
import { abort, finish } from './finish.ts'
import { failRequest } from './local-reply.ts'
import { recordFailure, recordFirstByte } from './record.ts'
import { openTunnel } from './tunnel.ts'

/** Reads bytes of a response: interim heads, the final head, and then the body. */
export function readResponse(
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
  data: Buffer,
): void {
  const bytes = withPartialHead(upstream, data)
  const hadHead = upstream.state === 'body'
  let at = 0
  while (upstream.state === 'head') {
    const end = readHead(exchange, upstream, bytes, at)
    if (end === 0) return
    at = end
  }
  if (upstream.state !== 'body') return
  if (!relayBody(exchange, upstream, bytes, at)) failBody(exchange, hadHead)
}

function withPartialHead(upstream: UpstreamConnection<Exchange>, data: Buffer): Buffer {
  const { partialHead } = upstream
  upstream.partialHead = undefined
  return partialHead === undefined ? data : Buffer.concat([partialHead, data])
}

/** Reads one head and passes it on; returns the offset of its end, or 0 where there is no more to do. */
function readHead(
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
  bytes: Buffer,
  from: number,
): number {
  const { proxy } = exchange
  const { responseHead } = proxy.scratch
  const end = readResponseHead(responseHead, bytes, { from, toHead: exchange.toHead })
  const tooLong = (end === 0 ? bytes.length : end) - from > proxy.settings.limits.headBytes
  if (end < 0 || tooLong) {
    failMalformed(exchange, end < 0 ? 'response-malformed' : 'response-head-too-large')
    return 0
  }
  if (end === 0) {
    // Behind an interim response there may be nothing: the request may still be sent to another backend.
    if (from < bytes.length) upstream.partialHead = Buffer.from(bytes.subarray(from))
    return 0
  }
  const { status } = responseHead
  if (status === 101) {
    if (!openTunnel(exchange, upstream, bytes.subarray(end))) {
      failMalformed(exchange, 'upgrade-failed')
    }
    return 0
  }
  if (status >= 200) startResponse(exchange, upstream)
  else receiveInterim(exchange, upstream, status)
  return end
}

/** Interim responses to one request that start its time limit again: a backend must not hold a client for ever. */
const maxInterims = 100

/** The backend works on the request, which is what 102 (Processing) says: the time limit starts again. */
function receiveInterim(
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
  status: number,
): void {
  if (++exchange.interims <= maxInterims) awaitProgress(exchange)
  if (passesInterim(exchange, status)) relayInterim(exchange, upstream)
}

/** The body is malformed. A head that came with it has not been sent, and gives way to a 502. */
function failBody(exchange: Exchange, headSent: boolean): void {
  // The client must not take the bytes in the buffer for a complete response.
  exchange.proxy.scratch.buffer.length = 0
  if (headSent) {
    recordFailure(exchange, 'response-body-malformed')
    abort(exchange, 'response-body-malformed', true)
    return
  }
  exchange.responseStarted = false
  exchange.backend = ''
  failMalformed(exchange, 'response-body-malformed')
}

function failMalformed(exchange: Exchange, reason: FailureReason): void {
  recordFailure(exchange, reason)
  failRequest(exchange, reason)
}

/** A 100 is passed on to a client that waits for it, and once, though another backend may send a second one. */
function passesInterim(exchange: Exchange, status: number): boolean {
  if (status !== 100) return exchange.minor === 1
  const { expectsContinue } = exchange
  exchange.expectsContinue = false
  return expectsContinue
}

/** Passes on an interim response such as 103 (Early Hints), or 100 (Continue). */
function relayInterim({ proxy, client }: Exchange, upstream: UpstreamConnection<Exchange>): void {
  const { buffer, responseHead } = proxy.scratch
  writeInterimHead(buffer, responseHead)
  if (!flush(buffer, client)) upstream.socket.pause()
}

/** Writes the head of a final response to the buffer, and decides how its body is framed. */
function startResponse(exchange: Exchange, upstream: UpstreamConnection<Exchange>): void {
  const { proxy } = exchange
  const { buffer, responseHead } = proxy.scratch
  const { body, keepAlive, named } = responseHead
  recordFirstByte(exchange)
  upstream.state = 'body'
  upstream.framing = body.kind
  upstream.left = body.length
  upstream.chunks = body.kind === framing.chunked ? chunks(named, true) : undefined
  // A backend that declined an upgrade may have stopped to read HTTP: no other request is sent there.
  upstream.keepAlive = keepAlive && body.kind !== framing.close && exchange.upgrade === ''
  const withoutLength = body.kind !== framing.length
  exchange.chunkedResponse = withoutLength && exchange.minor === 1
  // A response that comes before the request is complete is the last one on its connection.
  const complete = exchange.phase === 'response' && !proxy.draining
  exchange.keepAlive &&= complete && (!withoutLength || exchange.chunkedResponse)
  writeResponseHead(buffer, responseHead, {
    minor: exchange.minor,
    keepAlive: exchange.keepAlive,
    chunked: exchange.chunkedResponse,
    trailers: exchange.acceptsTrailers && upstream.chunks !== undefined,
  })
}

/** Passes on bytes of a body, behind bytes that are in the buffer already; returns false where they are malformed. */
function relayBody(
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
  bytes: Buffer,
  from: number,
): boolean {
  const { proxy, client } = exchange
  const { buffer } = proxy.scratch
  const end =
    upstream.chunks === undefined
      ? relayUnchunked(exchange, upstream, bytes, from)
      : relayChunks(exchange, upstream.chunks, bytes, from)
  if (end < 0) return false
  const done = isComplete(upstream)
  if (done) exchange.marks?.lastByte(proxy.now())
  if (buffer.length > 0 && !flush(buffer, client) && !done) {
    upstream.socket.pause()
    exchange.marks?.pause(proxy.now())
  }
  if (done) complete(exchange, upstream, end === bytes.length)
  else awaitProgress(exchange)
  return true
}

function isComplete({
  framing: kind,
  left,
  chunks: coding,
}: UpstreamConnection<Exchange>): boolean {
  if (coding !== undefined) return isDone(coding)
  return kind === framing.length && left === 0
}

/** Bytes of a body that has a length, or that lasts until the backend closes; returns the offset of its end. */
function relayUnchunked(
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
  bytes: Buffer,
  from: number,
): number {
  const { buffer } = exchange.proxy.scratch
  const counted = upstream.framing === framing.length
  const part = counted ? Math.min(upstream.left, bytes.length - from) : bytes.length - from
  if (counted) upstream.left -= part
  if (part === 0) return from
  exchange.responseBytes += part
  if (exchange.chunkedResponse) {
    const chunk = openChunk(buffer, part)
    bytes.copy(buffer.bytes, chunk.data, from, from + part)
    closeChunk(buffer, chunk, part)
  } else {
    reserve(buffer, part)
    putPart(buffer, bytes, from, from + part)
  }
  return from + part
}

/**
 * Bytes in the chunked coding: decoded, and chunked again for clients with HTTP/1.1; returns the offset of
 * their end, or −1 where the coding is malformed.
 */
function relayChunks(exchange: Exchange, coding: Chunks, bytes: Buffer, from: number): number {
  const { buffer } = exchange.proxy.scratch
  const chunk = openChunk(buffer, bytes.length - from)
  const to = exchange.chunkedResponse ? chunk.data : buffer.length
  if (!decode(coding, bytes, { from, out: buffer.bytes, to })) return -1
  exchange.responseBytes += coding.wrote
  if (!exchange.chunkedResponse) buffer.length += coding.wrote
  else {
    closeChunk(buffer, chunk, coding.wrote)
    if (isDone(coding)) endChunks(buffer, exchange.acceptsTrailers ? coding.trailers : undefined)
  }
  return from + coding.read
}

/** The response is complete: keeps the connection if it may be reused and nothing is left on it. */
function complete(
  exchange: Exchange,
  upstream: UpstreamConnection<Exchange>,
  allRead: boolean,
): void {
  const { proxy, phase } = exchange
  exchange.upstream = undefined
  // The row is released in the same turn, so it cannot belong to another backend yet.
  const allWritten = phase === 'response' && upstream.socket.writableLength === 0
  if (allRead && allWritten && upstream.keepAlive && !upstream.writeFailed) {
    // Interim responses that the client was slow to read may have paused it.
    if (upstream.socket.isPaused()) upstream.socket.resume()
    proxy.pool.giveBack(upstream)
  } else discard(upstream)
  finish(exchange)
}

/**
 * The backend died in the middle of a response, or closed within its body. With a Content-Length or chunks the response
 * is incomplete: the failure is recorded, the client connection is closed or reset so that the client cannot take the
 * response for complete, and there is no retry, since a part of it was sent. A close-delimited body that ends cleanly is
 * complete. Before the body see `closed` in upstream-events.ts.
 */
export function bodyClosed(
  exchange: Exchange,
  { framing: kind }: UpstreamConnection<Exchange>,
  clean: boolean,
): void {
  const { proxy, client } = exchange
  const { buffer } = proxy.scratch
  if (kind !== framing.close || !clean) {
    recordFailure(exchange, 'response-incomplete')
    // Where the client's body lasts until the end, too, this must not look like it.
    abort(exchange, 'response-incomplete', kind !== framing.length && !exchange.chunkedResponse)
    return
  }
  exchange.marks?.lastByte(proxy.now())
  if (exchange.chunkedResponse) {
    endChunks(buffer, undefined)
    flush(buffer, client)
  }
  exchange.upstream = undefined
  finish(exchange)
}
