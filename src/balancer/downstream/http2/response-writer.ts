import { type ByteBuffer, byteBuffer, reserve } from '../../../http/byte-buffer.ts'
import { field } from '../../../http/field.ts'
import type { Http2Connection } from '../../../http2/connection.ts'
import { addField, clearFields, type FieldList, newFieldList } from '../../../http2/field-list.ts'
import type { Http2Stream } from '../../../http2/stream.ts'
import { type Chunks, chunks, decode, isDone } from '../../http/chunks.ts'
import { framing } from '../../http/framing.ts'
import { indexOfName, valueAt } from '../../http/head.ts'
import { emptyResponseHead, type ResponseHead, readResponseHead } from '../../http/response-head.ts'
import { acceptName } from '../../http/websocket.ts'
import { passing } from '../../http/write-fields.ts'
import { copyHttp1Fields } from '../../http2/copy-http1-fields.ts'

/** A response that is being written to a stream. */
export interface StreamResponse {
  /** The method of the request is HEAD. */
  readonly toHead: boolean
  /** The head of the final response was written. */
  started: boolean
  /** The response was written in full. */
  complete: boolean
  /** Sec-WebSocket-Accept of the response that makes the stream a tunnel; '': none does. */
  readonly accept: string
  /** All further bytes are those of a tunnel. */
  tunnel: boolean
  /** Missing bytes of a body with a length. */
  left: number
  chunks: Chunks | undefined
}

/** Memory that is used only within one call: the heads that are read and written, and decoded chunks. */
export interface ResponseScratch {
  readonly head: ResponseHead
  readonly fields: FieldList
  readonly data: ByteBuffer
}

/** Fields that the balancer itself adds to a response, beyond those of the backend. */
const ownFields = 4
const dataBytes = 4096

/** By number of fields: sessions would need some 20 KiB each, idle ones too. */
const scratches = new Map<number, ResponseScratch>()

/** The memory of this thread for responses with at most `fields` fields from a backend. */
export function responseScratch(fields: number): ResponseScratch {
  let scratch = scratches.get(fields)
  if (scratch === undefined) {
    scratch = {
      head: emptyResponseHead(fields + ownFields),
      fields: newFieldList(),
      data: byteBuffer(dataBytes),
    }
    scratches.set(fields, scratch)
  }
  return scratch
}

/** A response of which nothing was written yet. */
export function newResponse(toHead: boolean, accept: string): StreamResponse {
  return {
    toHead,
    started: false,
    complete: false,
    accept,
    tunnel: false,
    left: 0,
    chunks: undefined,
  }
}

/** Kinds of fields that are passed on: all except the connection-specific ones. */
const passes = passing(
  field.other,
  field.host,
  field.contentLength,
  field.expect,
  field.trailer,
  field.via,
  field.forwardedFor,
  field.forwardedOther,
  field.forwarded,
  field.date,
  field.maxForwards,
)

/** The stream that a response is written to. */
export interface ResponseTarget<User> {
  readonly http2: Http2Connection<User>
  readonly stream: Http2Stream<User>
  readonly scratch: ResponseScratch
}

/**
 * Sends the next bytes of a response in HTTP/1.1 as frames. Each head must come in one piece.
 *
 * @returns false where they are no response that HTTP/2 can carry
 */
export function writeResponse<User>(
  response: StreamResponse,
  to: ResponseTarget<User>,
  bytes: Buffer,
): boolean {
  let at = 0
  while (!response.started && at < bytes.length) {
    at = writeHead(response, to, { bytes, from: at })
    if (at <= 0) return false
  }
  if (response.complete || at === bytes.length) return true
  if (response.tunnel) {
    to.http2.sendData(to.stream, bytes.subarray(at), false)
    return true
  }
  const { chunks: coding } = response
  if (coding !== undefined) return writeChunks(response, coding, to, bytes.subarray(at))
  writeCounted(response, to, bytes.subarray(at))
  return true
}

/** Sends one head, interim or final; returns the offset of its end. */
function writeHead<User>(
  response: StreamResponse,
  { http2, stream, scratch }: ResponseTarget<User>,
  { bytes, from }: { readonly bytes: Buffer; readonly from: number },
): number {
  const { head, fields } = scratch
  const end = readResponseHead(head, bytes, { from, toHead: response.toHead })
  const { status, body } = head
  if (end <= 0 || body.kind === framing.close) return -1
  clearFields(fields)
  if (status === 101) return startTunnel(response, { http2, stream, scratch }) ? end : -1
  addField(fields, ':status', String(status))
  copyHttp1Fields(fields, head.head, passes)
  if (status < 200) {
    http2.sendHeaders(stream, fields, false)
    return end
  }
  response.started = true
  response.left = body.length
  response.chunks = body.kind === framing.chunked ? chunks() : undefined
  response.complete = response.chunks === undefined && body.length === 0
  http2.sendHeaders(stream, fields, response.complete)
  return end
}

/** Responds to an extended CONNECT with 200 where the backend changed to WebSocket: RFC 8441, section 5. */
function startTunnel<User>(
  response: StreamResponse,
  { http2, stream, scratch }: ResponseTarget<User>,
): boolean {
  const { head } = scratch.head
  const { fields } = scratch
  const at = indexOfName(head, acceptName)
  if (response.accept === '' || at < 0 || valueAt(head, at) !== response.accept) return false
  // It belongs to the key that the balancer made.
  head.kind[at] = field.dropped
  addField(fields, ':status', '200')
  copyHttp1Fields(fields, head, passes)
  response.started = true
  response.tunnel = true
  http2.sendHeaders(stream, fields, false)
  return true
}

function writeCounted<User>(
  response: StreamResponse,
  { http2, stream }: ResponseTarget<User>,
  bytes: Buffer,
): void {
  const part = bytes.subarray(0, response.left)
  response.left -= part.length
  response.complete = response.left === 0
  http2.sendData(stream, part, response.complete)
}

function writeChunks<User>(
  response: StreamResponse,
  coding: Chunks,
  { http2, stream, scratch }: ResponseTarget<User>,
  bytes: Buffer,
): boolean {
  const { data, fields } = scratch
  reserve(data, bytes.length)
  if (!decode(coding, bytes, { from: 0, out: data.bytes, to: 0 })) return false
  response.complete = isDone(coding)
  const { trailers, wrote } = coding
  const part = data.bytes.subarray(0, wrote)
  const last = response.complete && trailers === undefined
  if (wrote > 0 || last) http2.sendData(stream, part, last)
  if (!response.complete || trailers === undefined) return true
  clearFields(fields)
  copyHttp1Fields(fields, trailers, passes)
  http2.sendTrailers(stream, fields)
  return true
}
