import { type ByteBuffer, putPart, reserve } from '../../http/byte-buffer.ts'
import { consume } from '../downstream/connection.ts'
import { closeChunk, endChunks, openChunk } from '../http/chunk-writer.ts'
import { decode, isDone } from '../http/chunks.ts'
import { dropFields } from '../http/drop-fields.ts'
import { releaseRead } from '../io/release-read.ts'
import { flush, release } from '../io/write-buffer.ts'
import type { FailureReason } from '../shared/failure-reasons.ts'
import type { UpstreamConnection } from '../upstream/connection.ts'
import { hasTakenMore } from '../upstream/taken-more.ts'
import { awaitProgress } from './deadline.ts'
import type { Exchange } from './exchange.ts'
import { refuseRequest } from './local-reply.ts'

/**
 * Moves the part of the request's body that the client's input holds to `into`, framed for the backend.
 * The phase becomes `response` with the end of the body.
 *
 * @returns why to refuse the request, if it must be
 */
export function takeBody(exchange: Exchange, into: ByteBuffer): FailureReason | undefined {
  if (exchange.chunks === undefined) takeCounted(exchange, into)
  else if (!takeChunks(exchange, into)) return 'request-body-malformed'
  const limit = exchange.proxy.settings.limits.bodyBytes
  return limit > 0 && exchange.bodyBytes > limit ? 'request-body-too-large' : undefined
}

function takeCounted(exchange: Exchange, into: ByteBuffer): void {
  const { client } = exchange
  const { input, at } = client
  if (input !== undefined && exchange.left > 0) {
    const part = Math.min(exchange.left, input.length - at)
    reserve(into, part)
    putPart(into, input, at, at + part)
    exchange.left -= part
    exchange.bodyBytes += part
    consume(client, at + part)
  }
  if (exchange.left === 0) exchange.phase = 'response'
}

function takeChunks(exchange: Exchange, into: ByteBuffer): boolean {
  const { client, chunks } = exchange
  const { input, at } = client
  if (input === undefined || chunks === undefined) return true
  const chunk = openChunk(into, input.length - at)
  if (!decode(chunks, input, { from: at, out: into.bytes, to: chunk.data })) return false
  closeChunk(into, chunk, chunks.wrote)
  exchange.bodyBytes += chunks.wrote
  consume(client, at + chunks.read)
  if (isDone(chunks)) {
    const { trailers } = chunks
    const { subject } = client.info
    if (trailers !== undefined && subject !== undefined) dropFields(trailers, subject.name)
    endChunks(into, trailers)
    exchange.phase = 'response'
  }
  return true
}

/** Passes on the part of a body that came since its start was sent. Pauses while the backend is not ready. */
export function relayBody(exchange: Exchange): void {
  const { client, upstream } = exchange
  if (upstream === undefined || !upstream.connected || upstream.writeFailed) {
    client.socket.pause()
    return
  }
  const more =
    exchange.chunks === undefined
      ? relayCounted(exchange, upstream)
      : relayChunks(exchange, upstream)
  if (exchange.phase === 'response') exchange.marks?.written(exchange.proxy.now())
  if (more) return
  client.socket.pause()
  // Progress counts from here on: proxy/timeouts.ts.
  hasTakenMore(upstream)
}

/** Maximum bytes of a request that are kept to be sent again. */
const maxKept = 32_768

/**
 * Notes a part of the body that is passed on. A stream of HTTP/2 may turn out not to have been processed (RFC 9113, section
 * 8.7), so a small body is kept behind the head. Without all that was passed on, the request cannot be sent again.
 */
function notePassedOn(
  exchange: Exchange,
  { copiesWrites }: UpstreamConnection<Exchange>,
  part: Buffer,
): void {
  const { requestBytes, replayable } = exchange
  if (!replayable || requestBytes === undefined) return
  if (copiesWrites && requestBytes.length + part.length <= maxKept)
    exchange.requestBytes = Buffer.concat([requestBytes, part])
  else exchange.replayable = false
}

/** Bytes of a body with a length are written from the memory into which they were read. */
function relayCounted(exchange: Exchange, upstream: UpstreamConnection<Exchange>): boolean {
  const { proxy, client } = exchange
  const { input, at } = client
  if (input === undefined) return true
  const end = at + Math.min(exchange.left, input.length - at)
  exchange.left -= end - at
  exchange.bodyBytes += end - at
  consume(client, end)
  if (exchange.left === 0) exchange.phase = 'response'
  awaitProgress(exchange)
  const { socket } = upstream
  notePassedOn(exchange, upstream, input.subarray(at, end))
  if (upstream.copiesWrites) {
    const goesOn = socket.write(input.subarray(at, end))
    if (client.input === undefined) releaseRead(input)
    return goesOn
  }
  const nothingPending = socket.writableLength === 0
  if (nothingPending) release(proxy.scratch.buffer, upstream)
  const more = socket.write(input.subarray(at, end))
  const written = socket.writableLength === 0
  if (client.input === undefined && written) releaseRead(input)
  else if (client.input === undefined && nothingPending) upstream.pendingBuffer = input
  return more || written
}

function relayChunks(exchange: Exchange, upstream: UpstreamConnection<Exchange>): boolean {
  const { proxy, client } = exchange
  const { input } = client
  const { buffer } = proxy.scratch
  const refusal = takeBody(exchange, buffer)
  if (refusal !== undefined) {
    buffer.length = 0
    refuseRequest(exchange, refusal)
    return true
  }
  if (client.input === undefined && input !== undefined) releaseRead(input)
  awaitProgress(exchange)
  notePassedOn(exchange, upstream, buffer.bytes.subarray(0, buffer.length))
  return buffer.length === 0 || flush(buffer, upstream)
}
