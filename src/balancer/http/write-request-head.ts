import { type ByteBuffer, put, putPart, putText, reserve } from '../../http/byte-buffer.ts'
import { field } from '../../http/field.ts'
import { dropFields } from './drop-fields.ts'
import { framing } from './framing.ts'
import { listOf } from './head.ts'
import type { RequestHead } from './request-head.ts'
import { passing, writeFields } from './write-fields.ts'
import { type ConnectionInfo, writeOrigin } from './write-origin.ts'

const { other, date, maxForwards, host, trailer, forwardedOther } = field

/** The fields that are passed on: with Host, and without it. */
const passingBoth = (...kinds: readonly number[]) => ({
  withHost: passing(other, date, maxForwards, host, ...kinds),
  butHost: passing(other, date, maxForwards, ...kinds),
})
const fromAnyone = {
  plain: passingBoth(),
  /** With Trailer, which names fields behind a chunked body: servers such as Go's take no others (RFC 9110, section 6.6.2). */
  announced: passingBoth(trailer),
}
const fromTrusted = {
  plain: passingBoth(forwardedOther),
  announced: passingBoth(trailer, forwardedOther),
}

const asHttp11 = Buffer.from(' HTTP/1.1\r\n', 'latin1')
const chunked = Buffer.from('Transfer-Encoding: chunked\r\n', 'latin1')
const acceptTrailers = Buffer.from('TE: trailers\r\nConnection: TE\r\n', 'latin1')
const expectContinue = Buffer.from('Expect: 100-continue\r\n', 'latin1')
const lineEnd = Buffer.from('\r\n', 'latin1')
const slash = Buffer.from('/', 'latin1')
const asterisk = Buffer.from('*', 'latin1')

/** Bytes by which a head may grow, besides `ConnectionInfo` and lists. */
const additions = 512

/**
 * Writes the head of a request to a backend: the target unchanged, no field that was for the client's
 * connection, its Host or `fallbackHost`, new framing, and behind all that the fields that this proxy adds,
 * so that no client can have them removed.
 */
export function writeRequestHead(
  into: ByteBuffer,
  request: RequestHead,
  { info, fallbackHost }: { readonly info: ConnectionInfo; readonly fallbackHost: string },
): void {
  const { head, authority, hasHost } = request
  reserve(
    into,
    head.end - request.methodStart + additions + fallbackHost.length + info.defaultFields.length,
  )
  writeRequestLine(into, request)
  if (info.subject !== undefined) dropFields(head, info.subject.name)
  const tables = info.trusted ? fromTrusted : fromAnyone
  const passes = request.body.kind === framing.chunked ? tables.announced : tables.plain
  if (authority === '' && hasHost) writeFields(into, head, passes.withHost)
  else {
    putText(into, `Host: ${authority === '' ? fallbackHost : authority}\r\n`)
    writeFields(into, head, passes.butHost)
  }
  writeFraming(into, request)
  writeOrigin(into, request, info)
  if (info.subject?.value) writeSubject(into, info.subject)
  put(into, lineEnd)
}

function writeSubject(
  into: ByteBuffer,
  { name, value }: { readonly name: string; readonly value: string },
): void {
  reserve(into, name.length + value.length + additions)
  putText(into, `${name}: ${value}\r\n`)
}

function writeRequestLine(into: ByteBuffer, request: RequestHead): void {
  const { bytes } = request.head
  const { methodStart, methodEnd, targetStart, targetEnd } = request
  if (request.authority === '') putPart(into, bytes, methodStart, targetEnd)
  else {
    putPart(into, bytes, methodStart, methodEnd + 1)
    // An absolute target may have no path, or only a query: RFC 9112, sections 3.2.1 and 3.2.4.
    if (targetStart === targetEnd && request.method === 'OPTIONS') put(into, asterisk)
    else if (bytes[targetStart] !== 0x2f) put(into, slash)
    putPart(into, bytes, targetStart, targetEnd)
  }
  put(into, asHttp11)
}

function writeFraming(into: ByteBuffer, request: RequestHead): void {
  const { body, upgrade, maxForwards } = request
  // RFC 9110, section 10.1.1: a proxy must forward it where a body follows.
  if (request.expectsContinue) put(into, expectContinue)
  if (maxForwards > 0) putText(into, `Max-Forwards: ${maxForwards - 1}\r\n`)
  if (body.kind === framing.chunked) put(into, chunked)
  else if (body.declared >= 0) putText(into, `Content-Length: ${body.declared}\r\n`)
  if (upgrade !== '')
    putText(into, `Connection: Upgrade\r\nUpgrade: ${listOf(request.head, field.upgrade)}\r\n`)
  else if (request.acceptsTrailers) put(into, acceptTrailers)
}
