import type { ServerHttp2Stream } from 'node:http2'
import { type Chunks, chunks, decode, isDone } from '../../http/chunks.ts'
import { framing } from '../../http/framing.ts'
import { fieldList, fieldsByName, notForwarded } from '../../http/http2-fields.ts'
import { type ResponseHead, readResponseHead } from '../../http/response-head.ts'
import type { ClientSocket } from '../connection.ts'

/** RFC 9113, section 7. */
const noError = 0

/** A response that is being written to a stream. */
interface StreamResponse {
  readonly stream: ServerHttp2Stream
  readonly acceptsTrailers: boolean
  /** Scratch: the head that is being written. */
  readonly head: ResponseHead
  /** Missing bytes of a body with a length. */
  left: number
  chunks: Chunks | undefined
}

/**
 * An HTTP/2 stream that is used like the socket of a client: a response in HTTP/1.1 is written to it, and is
 * sent in frames. All bytes are copied, so the caller may reuse its memory.
 *
 * @param head scratch, used only within a call
 */
export function streamSocket(
  stream: ServerHttp2Stream,
  head: ResponseHead,
  acceptsTrailers: boolean,
): ClientSocket {
  const response: StreamResponse = { stream, acceptsTrailers, head, left: 0, chunks: undefined }
  return {
    write(bytes) {
      if (!stream.destroyed && !stream.closed) writeResponse(response, bytes)
      return !stream.writableNeedDrain
    },
    get writableLength() {
      return stream.writableNeedDrain ? stream.writableLength : 0
    },
    bytesWritten: 0,
    isPaused: () => stream.isPaused(),
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    end() {
      // A response that came before the end of its request, which is not needed any more: section 8.1.
      if (!stream.readableEnded && !stream.endAfterHeaders) stream.close(noError)
    },
    destroy: () => breakOff(stream),
    resetAndDestroy: () => breakOff(stream),
  }
}

/** Ends a stream at once. `close` would first end an incomplete response as if it were complete. */
function breakOff(stream: ServerHttp2Stream): void {
  if (stream.writableFinished) stream.close(noError)
  else stream.destroy(new Error('the response broke off'))
}

/** Writes the next bytes of a response. A head comes in one piece. */
function writeResponse(response: StreamResponse, bytes: Buffer): void {
  const { stream } = response
  let at = 0
  try {
    while (!stream.headersSent && at < bytes.length) at = writeHead(response, bytes, at)
  } catch {
    // Node refuses a status above 599, and fields that HTTP/2 does not allow.
    breakOff(stream)
    return
  }
  if (stream.writableEnded || at === bytes.length) return
  if (response.chunks === undefined) writeCounted(response, bytes, at)
  else writeChunks(response, response.chunks, bytes, at)
}

/** Sends one head, interim or final; returns the offset of its end. */
function writeHead(response: StreamResponse, bytes: Buffer, from: number): number {
  const { stream, head } = response
  // Node ends the writable side of a stream at once if the method is HEAD.
  const end = readResponseHead(head, bytes, { from, toHead: stream.writableEnded })
  const { status, body } = head
  if (status < 200) {
    stream.additionalHeaders({ ...fieldsByName(head.head), ':status': status })
    return end
  }
  const chunked = body.kind === framing.chunked
  response.left = body.length
  response.chunks = chunked ? chunks() : undefined
  const waitForTrailers = chunked && response.acceptsTrailers
  if (waitForTrailers) stream.on('wantTrailers', () => sendTrailers(response))
  stream.respond([':status', String(status), ...fieldList(head.head, notForwarded)], {
    endStream: !chunked && body.length === 0,
    waitForTrailers,
  })
  return end
}

function writeCounted(response: StreamResponse, bytes: Buffer, from: number): void {
  const part = Buffer.from(bytes.subarray(from, from + response.left))
  response.left -= part.length
  if (response.left === 0) response.stream.end(part)
  else response.stream.write(part)
}

function writeChunks(
  { stream }: StreamResponse,
  coding: Chunks,
  bytes: Buffer,
  from: number,
): void {
  const out = Buffer.allocUnsafe(bytes.length - from)
  decode(coding, bytes, { from, out, to: 0 })
  const part = out.subarray(0, coding.wrote)
  if (isDone(coding)) stream.end(part)
  else if (part.length > 0) stream.write(part)
}

function sendTrailers({ stream, chunks: coding }: StreamResponse): void {
  stream.sendTrailers(fieldsByName(coding?.trailers))
}
