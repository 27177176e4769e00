import { type ClientConnection, clientState, used } from '../downstream/connection.ts'
import { type ByteBuffer, putPart, reserve } from '../http/byte-buffer.ts'
import { closeChunk, endChunks, openChunk } from '../http/chunk-writer.ts'
import { decode, isDone } from '../http/chunks.ts'
import { freeRead } from '../io/release-read.ts'
import { flush, release } from '../io/write-buffer.ts'
import type { UpstreamConnection } from '../upstream/connection.ts'
import { awaitMore, refuseServed } from './attempt.ts'
import type { ProxyContext } from './context.ts'

/**
 * Moves what the client's input holds of the request's body into `into`, framed for the backend, and
 * notes when that was the last of it.
 *
 * @returns 0, or the status that refuses it
 */
export function takeBody(client: ClientConnection, into: ByteBuffer): number {
  const { request, lane } = client
  if (request.chunks === undefined) takeCounted(client, into)
  else if (!takeChunks(client, into)) return 400
  const most = lane.settings.limits.bodyBytes
  return most > 0 && request.bodyOctets > most ? 413 : 0
}

function takeCounted(client: ClientConnection, into: ByteBuffer): void {
  const { request, input, at } = client
  if (input !== undefined && request.left > 0) {
    const part = Math.min(request.left, input.length - at)
    reserve(into, part)
    putPart(into, input, at, at + part)
    request.left -= part
    used(client, at + part)
  }
  if (request.left === 0) client.state = clientState.waiting
}

function takeChunks(client: ClientConnection, into: ByteBuffer): boolean {
  const { request, input, at } = client
  const { chunks } = request
  if (input === undefined || chunks === undefined) return true
  const chunk = openChunk(into, input.length - at)
  if (!decode(chunks, input, { from: at, out: into.bytes, to: chunk.data })) return false
  closeChunk(into, chunk, chunks.wrote)
  request.bodyOctets += chunks.wrote
  used(client, at + chunks.read)
  if (isDone(chunks)) {
    endChunks(into, chunks.trailers)
    client.state = clientState.waiting
  }
  return true
}

/** Passes on what has come of a body since its start was sent. Waits while the backend is not ready. */
export function relayBody(client: ClientConnection): void {
  const { request, socket } = client
  const { upstream } = request
  if (upstream === undefined || !upstream.connected || upstream.deaf) {
    socket.pause()
    return
  }
  request.whole = false
  const more =
    request.chunks === undefined ? passCounted(client, upstream) : passChunks(client, upstream)
  if (!more) socket.pause()
}

/** Octets of a body with a length go on from the memory into which they were read. */
function passCounted(client: ClientConnection, upstream: UpstreamConnection): boolean {
  const { request, input, at, lane } = client
  if (input === undefined) return true
  const end = at + Math.min(request.left, input.length - at)
  request.left -= end - at
  used(client, end)
  if (request.left === 0) client.state = clientState.waiting
  awaitMore(client)
  const { socket } = upstream
  const alone = socket.writableLength === 0
  if (alone) release(lane.outbox, upstream)
  const more = socket.write(input.subarray(at, end))
  const written = socket.writableLength === 0
  if (client.input === undefined && written) freeRead(input)
  else if (client.input === undefined && alone) upstream.lent = input
  return more || written
}

function passChunks(client: ClientConnection, upstream: UpstreamConnection): boolean {
  const { lane, input } = client
  const { outbox } = lane
  const refusal = takeBody(client, outbox)
  if (refusal !== 0) {
    outbox.length = 0
    refuseServed(client, refusal)
    return true
  }
  if (client.input === undefined && input !== undefined) freeRead(input)
  awaitMore(client)
  return outbox.length === 0 || flush(outbox, upstream)
}

/** The backend took what was written: reads on. */
export function bodyDrained({ outbox }: ProxyContext, upstream: UpstreamConnection): void {
  const { client, deaf } = upstream
  release(outbox, upstream)
  if (client !== undefined && !deaf) client.socket.resume()
}
