import { type ByteBuffer, put, putPart, putText, reserve } from '../../http/byte-buffer.ts'
import { field } from '../../http/field.ts'
import { dateLine } from './date.ts'
import { framing } from './framing.ts'
import type { ResponseHead } from './response-head.ts'
import { passing, writeFields } from './write-fields.ts'

/** Fields that mean something to a proxy in a request only are fields like others here. */
const kinds = [
  ...[field.other, field.date, field.host, field.expect, field.via, field.maxForwards],
  ...[field.forwardedFor, field.forwarded, field.forwardedOther],
]
const passes = passing(...kinds)
const passesTrailer = passing(...kinds, field.trailer)

const http11 = Buffer.from('HTTP/1.1 ', 'latin1')
const space = Buffer.from(' ', 'latin1')
const lineEnd = Buffer.from('\r\n', 'latin1')
const chunked = Buffer.from('Transfer-Encoding: chunked\r\n', 'latin1')
const close = Buffer.from('Connection: close\r\n', 'latin1')
const keepAlive = Buffer.from('Connection: keep-alive\r\n', 'latin1')
const additions = 256

/** The client's side of a response. */
export interface ResponseTo {
  /** The client's minor version of HTTP/1. */
  readonly minor: number
  /** The client's connection goes on after this response. */
  readonly keepAlive: boolean
  /** The body goes out in the chunked coding. */
  readonly chunked: boolean
  /** Trailers will be passed on. */
  readonly trailers: boolean
}

/** Writes the head of a final response to a client. */
export function writeResponseHead(into: ByteBuffer, response: ResponseHead, to: ResponseTo): void {
  const { head } = response
  reserve(into, head.end - response.statusStart + additions)
  writeStatusLine(into, response)
  writeFields(into, head, to.trailers ? passesTrailer : passes)
  if (head.kind.subarray(0, head.count).indexOf(field.date) < 0) putText(into, dateLine())
  writeFraming(into, response, to)
  // A 426 must name the protocols: RFC 9110, section 15.5.22; Connection must name Upgrade: section 7.8.
  if (response.upgrade !== '') writeUpgrade(into, response)
  if (!to.keepAlive) put(into, close)
  else if (to.minor === 0) put(into, keepAlive)
  put(into, lineEnd)
}

/** Writes the head of a 1xx response; for 101 with the fields that make the connection a tunnel. */
export function writeInterimHead(into: ByteBuffer, response: ResponseHead): void {
  reserve(into, response.head.end - response.statusStart + additions)
  writeStatusLine(into, response)
  writeFields(into, response.head, passes)
  if (response.status === 101) writeUpgrade(into, response)
  put(into, lineEnd)
}

function writeUpgrade(into: ByteBuffer, { upgrade }: ResponseHead): void {
  putText(into, `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`)
}

function writeStatusLine(into: ByteBuffer, response: ResponseHead): void {
  put(into, http11)
  const { statusStart, statusEnd } = response
  putPart(into, response.head.bytes, statusStart, statusEnd)
  // The space is required even without a reason phrase: RFC 9112, section 4.
  if (statusEnd === statusStart + 3) put(into, space)
  put(into, lineEnd)
}

function writeFraming(into: ByteBuffer, { status, body }: ResponseHead, to: ResponseTo): void {
  if (to.chunked) put(into, chunked)
  // RFC 9110, section 8.6: none with 204; with HEAD and 304 it is that of the response to a GET.
  else if (body.declared >= 0 && status !== 204 && body.kind !== framing.chunked) {
    putText(into, `Content-Length: ${body.declared}\r\n`)
  }
}
