import type { ServerHttp2Stream } from 'node:http2'
import { type Chunks, chunks, decode, isDone } from '../../http/chunks.ts'
import { framing } from '../../http/framing.ts'
import { type ResponseHead, readResponseHead } from '../../http/response-head.ts'
import type { ClientSocket } from '../connection.ts'
import { fieldList, fieldRecord } from './response-fields.ts'

/** RFC 9113, section 7. */
const noError = 0

/** An answer on its way to a stream. */
interface Answer {
  readonly stream: ServerHttp2Stream
  /** Whom it answers accepts trailers. */
  readonly acceptsTrailers: () => boolean
  /** What was read of it last. */
  readonly head: ResponseHead
  /** Octets of a counted body that are missing. */
  left: number
  chunks: Chunks | undefined
}

/**
 * A stream that stands for a client's connection of HTTP/1.1: what is written to it is an answer in
 * HTTP/1.1, which goes out in frames. All of it is copied, so that whoever wrote it keeps the memory.
 *
 * @param head a record to read heads into, which holds only while one of them is written
 */
export function streamSocket(
  stream: ServerHttp2Stream,
  head: ResponseHead,
  acceptsTrailers: () => boolean,
): ClientSocket {
  const answer: Answer = { stream, acceptsTrailers, head, left: 0, chunks: undefined }
  return {
    write(octets) {
      if (!stream.destroyed && !stream.closed) writeAnswer(answer, octets)
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
      // The answer came before the end of the request, of which no more is wanted: section 8.1.
      if (!stream.readableEnded && !stream.endAfterHeaders) stream.close(noError)
    },
    destroy: () => breakOff(stream),
    resetAndDestroy: () => breakOff(stream),
  }
}

/** Ends a stream at once. To close one whose answer is not complete would end that in good order first. */
function breakOff(stream: ServerHttp2Stream): void {
  if (stream.writableFinished) stream.close(noError)
  else stream.destroy(new Error('the answer broke off'))
}

/** Takes the next octets of an answer. A head comes in one piece. */
function writeAnswer(answer: Answer, octets: Buffer): void {
  const { stream } = answer
  let at = 0
  try {
    while (!stream.headersSent && at < octets.length) at = writeHead(answer, octets, at)
  } catch {
    // Node sends no status above 599, and no field that HTTP/2 does not know.
    breakOff(stream)
    return
  }
  if (stream.writableEnded || at === octets.length) return
  if (answer.chunks === undefined) writeCounted(answer, octets, at)
  else writeChunks(answer, answer.chunks, octets, at)
}

/** Sends one head, interim or final; gives where it ends. */
function writeHead(answer: Answer, octets: Buffer, from: number): number {
  const { stream, head } = answer
  // Node ends our side of a stream at once where the method is HEAD.
  const end = readResponseHead(head, octets, { from, toHead: stream.writableEnded })
  const { status, body } = head
  if (status < 200) {
    stream.additionalHeaders({ ...fieldRecord(head.head), ':status': status })
    return end
  }
  const chunked = body.kind === framing.chunked
  answer.left = body.length
  answer.chunks = chunked ? chunks() : undefined
  const waitForTrailers = chunked && answer.acceptsTrailers()
  if (waitForTrailers) stream.on('wantTrailers', () => sendTrailers(answer))
  stream.respond([':status', String(status), ...fieldList(head.head)], {
    endStream: !chunked && body.length === 0,
    waitForTrailers,
  })
  return end
}

function writeCounted(answer: Answer, octets: Buffer, from: number): void {
  const part = Buffer.from(octets.subarray(from, from + answer.left))
  answer.left -= part.length
  if (answer.left === 0) answer.stream.end(part)
  else answer.stream.write(part)
}

function writeChunks({ stream }: Answer, coding: Chunks, octets: Buffer, from: number): void {
  const out = Buffer.allocUnsafe(octets.length - from)
  decode(coding, octets, { from, out, to: 0 })
  const part = out.subarray(0, coding.wrote)
  if (isDone(coding)) stream.end(part)
  else if (part.length > 0) stream.write(part)
}

function sendTrailers({ stream, chunks: coding }: Answer): void {
  const trailers = coding?.trailers
  stream.sendTrailers(trailers === undefined ? {} : fieldRecord(trailers))
}
