import { type ByteBuffer, reserve } from '../../../http/byte-buffer.ts'
import { space } from '../../../http/bytes.ts'
import { teValue } from '../../../http/connection-fields.ts'
import { field } from '../../../http/field.ts'
import type { Http2Connection } from '../../../http2/connection.ts'
import { addField, addValue, clearFields, type FieldList } from '../../../http2/field-list.ts'
import type { Http2Stream } from '../../../http2/stream.ts'
import { type Chunks, chunks, decode, isDone } from '../../http/chunks.ts'
import { type Framing, framing, readFraming } from '../../http/framing.ts'
import { type Head, indexOfName, readFields, valueAt } from '../../http/head.ts'
import { acceptOf, keyName, websocket } from '../../http/websocket.ts'
import { passing } from '../../http/write-fields.ts'
import { copyHttp1Fields } from '../../http2/copy-http1-fields.ts'

/** Kinds of fields that are sent as fields: Host is a pseudo-field, and the others are for connections of HTTP/1.1. */
const passes = passing(
  field.other,
  field.contentLength,
  field.expect,
  field.trailer,
  field.via,
  field.forwardedFor,
  field.forwardedOther,
  field.forwardedProto,
  field.forwardedHost,
  field.forwardedPort,
  field.forwarded,
  field.date,
  field.maxForwards,
)

const passesTrailers = passing(field.other)

const methodName = Buffer.from(':method', 'latin1')
const schemeName = Buffer.from(':scheme', 'latin1')
const authorityName = Buffer.from(':authority', 'latin1')
const pathName = Buffer.from(':path', 'latin1')
const schemes = { http: Buffer.from('http', 'latin1'), https: Buffer.from('https', 'latin1') }
const headMethod = Buffer.from('HEAD', 'latin1')
const noBytes = Buffer.alloc(0)

/** The request of a stream, as far as it was sent. */
export interface StreamRequest {
  /** The method is HEAD. */
  toHead: boolean
  /** Missing bytes of a body with a length. */
  left: number
  chunks: Chunks | undefined
  /** It was written in full. */
  ended: boolean
  /** All bytes behind the head are those of a tunnel. */
  tunnel: boolean
  /** Sec-WebSocket-Accept that its client expects; '': none. */
  accept: string
}

/** A request of which nothing was sent yet. */
export function newRequest(): StreamRequest {
  return { toHead: false, left: 0, chunks: undefined, ended: false, tunnel: false, accept: '' }
}

/** A request in HTTP/1.1. */
export interface RequestSource {
  readonly bytes: Buffer
  readonly scheme: 'http' | 'https'
  /** It asks for WebSocket, which it gets by an extended CONNECT. */
  readonly websocket: boolean
}

/** Memory that is used only within one call: the head that is read, the fields that are sent, decoded chunks. */
export interface RequestScratch {
  readonly head: Head
  readonly fields: FieldList
  readonly data: ByteBuffer
}

/**
 * Reads the head of a request in HTTP/1.1, as this proxy wrote it, into the scratch's fields and into `request`.
 *
 * @returns the offset of the body
 */
export function readRequest(
  request: StreamRequest,
  { head, fields }: RequestScratch,
  { bytes, scheme, websocket: connects }: RequestSource,
): number {
  const methodEnd = bytes.indexOf(space)
  const targetEnd = bytes.indexOf(space, methodEnd + 1)
  const end = readFields(head, bytes, bytes.indexOf('\r\n', targetEnd) + 2)
  const host = head.kind.subarray(0, head.count).indexOf(field.host)
  clearFields(fields)
  if (connects) startConnect(request, head, fields)
  else addValue(fields, methodName, { bytes, from: 0, end: methodEnd })
  addValue(fields, schemeName, { bytes: schemes[scheme], from: 0, end: scheme.length })
  addValue(fields, authorityName, {
    bytes,
    from: head.valueStart[host] as number,
    end: head.valueEnd[host] as number,
  })
  addValue(fields, pathName, { bytes, from: methodEnd + 1, end: targetEnd })
  copyHttp1Fields(fields, head, passes)
  if (head.kind.subarray(0, head.count).includes(field.te)) addField(fields, 'te', teValue)
  if (connects) return end
  frame(request, head)
  request.toHead = bytes.subarray(0, methodEnd).equals(headMethod)
  return end
}

/** Turns the request for an upgrade into an extended CONNECT: RFC 8441, section 5. */
function startConnect(request: StreamRequest, head: Head, fields: FieldList): void {
  addField(fields, ':method', 'CONNECT')
  addField(fields, ':protocol', websocket)
  request.tunnel = true
  const key = indexOfName(head, keyName)
  if (key < 0) return
  request.accept = acceptOf(valueAt(head, key))
  // The kind of a field that is not sent.
  head.kind[key] = field.upgrade
}

function frame(request: StreamRequest, head: Head): void {
  const body: Framing = { kind: framing.length, length: 0, declared: -1 }
  readFraming(head, body)
  request.left = body.length
  request.chunks = body.kind === framing.chunked ? chunks() : undefined
  request.ended = body.kind === framing.length && body.length === 0
}

/** The stream that a request is written to. */
export interface RequestTarget<User> {
  readonly http2: Http2Connection<User>
  readonly stream: Http2Stream<User>
  readonly scratch: RequestScratch
}

/** Sends bytes of a request's body, which are framed as in HTTP/1.1. Returns false where data is queued. */
export function writeBody<User>(
  request: StreamRequest,
  to: RequestTarget<User>,
  bytes: Buffer,
): boolean {
  if (request.ended) return true
  if (request.tunnel) return to.http2.sendData(to.stream, bytes, false)
  if (request.chunks !== undefined) return writeChunks(request, request.chunks, to, bytes)
  const { http2, stream } = to
  const part = bytes.subarray(0, request.left)
  request.left -= part.length
  request.ended = request.left === 0
  return http2.sendData(stream, part, request.ended)
}

function writeChunks<User>(
  request: StreamRequest,
  coding: Chunks,
  { http2, stream, scratch }: RequestTarget<User>,
  bytes: Buffer,
): boolean {
  const { data, fields } = scratch
  data.length = 0
  reserve(data, bytes.length)
  decode(coding, bytes, { from: 0, out: data.bytes, to: 0 })
  request.ended = isDone(coding)
  const { trailers, wrote } = coding
  clearFields(fields)
  if (request.ended && trailers !== undefined) copyHttp1Fields(fields, trailers, passesTrailers)
  const last = request.ended && fields.count === 0
  const part = wrote === 0 ? noBytes : data.bytes.subarray(0, wrote)
  const more = (wrote === 0 && !last) || http2.sendData(stream, part, last)
  if (request.ended && !last) http2.sendTrailers(stream, fields)
  return more
}
