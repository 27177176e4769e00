import { type ClientConnection, clientState, destroyConnection } from '../downstream/connection.ts'
import { putPart, reserve } from '../http/byte-buffer.ts'
import { closeChunk, endChunks, openChunk } from '../http/chunk-writer.ts'
import { chunks, decode, isDone } from '../http/chunks.ts'
import { framing } from '../http/framing.ts'
import { readResponseHead } from '../http/response-head.ts'
import { writeInterimHead, writeResponseHead } from '../http/write-response-head.ts'
import { flush } from '../io/write-buffer.ts'
import { discard, type UpstreamConnection, upstreamState } from '../upstream/connection.ts'
import { giveBack } from '../upstream/pool.ts'
import { abort, answered, awaitMore, failRequest, firstByte, recordFailure } from './attempt.ts'
import { openTunnel } from './tunnel.ts'

/** Reads octets of an answer: heads, then a body. */
export function readResponse(
  client: ClientConnection,
  upstream: UpstreamConnection,
  fresh: Buffer,
): void {
  const bytes = withPartial(upstream, fresh)
  let at = 0
  while (upstream.state === upstreamState.head) {
    const end = readHead(client, upstream, bytes, at)
    if (end === 0) return
    at = end
  }
  if (upstream.state === upstreamState.body) relayAnswer(client, upstream, bytes, at)
}

function withPartial(upstream: UpstreamConnection, fresh: Buffer): Buffer {
  const { partial } = upstream
  upstream.partial = undefined
  return partial === undefined ? fresh : Buffer.concat([partial, fresh])
}

/** Reads one head and passes it on; gives where its body starts, or 0 where there is no more to do. */
function readHead(
  client: ClientConnection,
  upstream: UpstreamConnection,
  bytes: Buffer,
  from: number,
): number {
  const { lane, request } = client
  const end = readResponseHead(lane.response, bytes, { from, toHead: request.toHead })
  const tooLong = (end === 0 ? bytes.length : end) - from > lane.settings.limits.headBytes
  if (end < 0 || tooLong) {
    recordFailure(client)
    failRequest(client, 502)
    return 0
  }
  if (end === 0) {
    upstream.partial = Buffer.from(bytes.subarray(from))
    return 0
  }
  const { status } = lane.response
  if (status === 101) {
    if (openTunnel(client, upstream, bytes.subarray(end))) return 0
    recordFailure(client)
    failRequest(client, 502)
    return 0
  }
  if (status >= 200) startAnswer(client, upstream)
  else if (status !== 100 && request.minor === 1) passInterim(client, upstream)
  return end
}

/** Passes on an interim answer such as 103 (Early Hints). Our own 100 was sent already. */
function passInterim(client: ClientConnection, upstream: UpstreamConnection): void {
  const { outbox, response } = client.lane
  writeInterimHead(outbox, response)
  if (!flush(outbox, client)) upstream.socket.pause()
}

/** Puts the head of a final answer into the outbox, and settles how its body goes out. */
function startAnswer(client: ClientConnection, upstream: UpstreamConnection): void {
  const { lane, request } = client
  const { body, keepAlive, named } = lane.response
  firstByte(lane, request)
  upstream.state = upstreamState.body
  upstream.framing = body.kind
  upstream.left = body.length
  upstream.chunks = body.kind === framing.chunked ? chunks(named) : undefined
  // Who declines an upgrade may still have stopped reading HTTP: nothing more is sent there.
  upstream.keepAlive = keepAlive && body.kind !== framing.close && request.upgrade === ''
  const open = body.kind !== framing.length
  request.chunkedAnswer = open && request.minor === 1
  // An answer that comes before the request is complete is the last on its connection.
  const complete = client.state === clientState.waiting && !lane.draining
  request.keepAlive &&= complete && (!open || request.chunkedAnswer)
  writeResponseHead(lane.outbox, lane.response, {
    minor: request.minor,
    keepAlive: request.keepAlive,
    chunked: request.chunkedAnswer,
    trailers: request.acceptsTrailers && upstream.chunks !== undefined,
  })
}

/** Passes on what came of a body; what is in the outbox already goes with it. */
function relayAnswer(
  client: ClientConnection,
  upstream: UpstreamConnection,
  bytes: Buffer,
  from: number,
): void {
  const { lane } = client
  const end =
    upstream.chunks === undefined
      ? relayOctets(client, upstream, bytes, from)
      : relayChunks(client, upstream, bytes, from)
  if (end < 0) {
    // Whatever is in the outbox must not look like a complete answer.
    lane.outbox.length = 0
    recordFailure(client)
    abort(client, true)
    return
  }
  const done = isComplete(upstream)
  if (lane.outbox.length > 0 && !flush(lane.outbox, client) && !done) upstream.socket.pause()
  if (done) complete(client, upstream, end === bytes.length)
  else awaitMore(client)
}

function isComplete({ framing: kind, left, chunks: coding }: UpstreamConnection): boolean {
  if (coding !== undefined) return isDone(coding)
  return kind === framing.length && left === 0
}

/** Octets of a body that is counted, or that lasts until the backend closes. */
function relayOctets(
  client: ClientConnection,
  upstream: UpstreamConnection,
  bytes: Buffer,
  from: number,
): number {
  const { outbox } = client.lane
  const counted = upstream.framing === framing.length
  const part = counted ? Math.min(upstream.left, bytes.length - from) : bytes.length - from
  if (counted) upstream.left -= part
  if (part === 0) return from
  client.request.answerOctets += part
  if (client.request.chunkedAnswer) {
    const chunk = openChunk(outbox, part)
    bytes.copy(outbox.bytes, chunk.data, from, from + part)
    closeChunk(outbox, chunk, part)
  } else {
    reserve(outbox, part)
    putPart(outbox, bytes, from, from + part)
  }
  return from + part
}

/** Octets in the chunked coding: decoded, and coded anew for clients that know it. */
function relayChunks(
  client: ClientConnection,
  upstream: UpstreamConnection,
  bytes: Buffer,
  from: number,
): number {
  const { lane, request } = client
  const { outbox } = lane
  const coding = upstream.chunks as NonNullable<UpstreamConnection['chunks']>
  const chunk = openChunk(outbox, bytes.length - from)
  const to = request.chunkedAnswer ? chunk.data : outbox.length
  if (!decode(coding, bytes, { from, out: outbox.bytes, to })) return -1
  request.answerOctets += coding.wrote
  if (!request.chunkedAnswer) outbox.length += coding.wrote
  else {
    closeChunk(outbox, chunk, coding.wrote)
    if (isDone(coding)) endChunks(outbox, request.acceptsTrailers ? coding.trailers : undefined)
  }
  return from + coding.read
}

/** The answer is complete: keeps the connection if it may serve again, and nothing is left on it. */
function complete(client: ClientConnection, upstream: UpstreamConnection, clean: boolean): void {
  const { lane, request, state } = client
  request.upstream = undefined
  // It is released in the same tick, so that its row cannot have become another backend's meanwhile.
  const idle = state === clientState.waiting && upstream.socket.writableLength === 0
  if (clean && idle && upstream.keepAlive && !upstream.deaf) {
    // Interim answers that a client was slow to take may have stopped it.
    if (upstream.socket.isPaused()) upstream.socket.resume()
    giveBack(lane, upstream)
  } else discard(upstream)
  answered(client)
}

/** The backend closed in the middle of a body: that is its end only where nothing else says so. */
export function responseBroke(
  client: ClientConnection,
  { framing: kind }: UpstreamConnection,
  clean: boolean,
): void {
  const { lane, request } = client
  if (kind !== framing.close || !clean) {
    recordFailure(client)
    // A client of a body that lasts until the end must not take this for its end.
    abort(client, kind !== framing.length && !request.chunkedAnswer)
    return
  }
  if (request.chunkedAnswer) {
    endChunks(lane.outbox, undefined)
    flush(lane.outbox, client)
  }
  request.upstream = undefined
  answered(client)
  if (!request.chunkedAnswer && client.ended) destroyConnection(client)
}
