import { type ByteBuffer, put, putPart, putText, reserve } from './byte-buffer.ts'
import { field } from './field.ts'
import { framing } from './framing.ts'
import { listOf } from './head.ts'
import type { RequestHead } from './request-head.ts'
import { passing, writeFields } from './write-fields.ts'

const { other, date, maxForwards, host } = field
const passes = passing(other, date, maxForwards, host)
const passesButHost = passing(other, date, maxForwards)

const asHttp11 = Buffer.from(' HTTP/1.1\r\n', 'latin1')
const chunked = Buffer.from('Transfer-Encoding: chunked\r\n', 'latin1')
const acceptTrailers = Buffer.from('TE: trailers\r\nConnection: TE\r\n', 'latin1')
const expectContinue = Buffer.from('Expect: 100-continue\r\n', 'latin1')
const lineEnd = Buffer.from('\r\n', 'latin1')
const slash = Buffer.from('/', 'latin1')
const asterisk = Buffer.from('*', 'latin1')

/** Bytes by which a head may grow, besides `ConnectionInfo` and lists. */
const additions = 512

/** The client of a connection, and how requests to backends show it and this proxy. */
export interface ConnectionInfo {
  readonly address: string
  /** The scheme of the client's connection. */
  readonly proto: 'http' | 'https'
  /** It speaks HTTP/2; in HTTP/1 each request has its own version. */
  readonly http2: boolean
  /** This proxy's name in Via; '' for none. */
  readonly via: string
  readonly forwarded: 'append' | 'replace'
  /** Via, X-Forwarded-For and -Proto for requests that have none of their own: made once. */
  readonly defaultFields: Buffer
}

/** Adds the fields that are the same for all requests of a connection. */
export function connectionInfo(info: Omit<ConnectionInfo, 'defaultFields'>): ConnectionInfo {
  const { address, via, proto, http2 } = info
  const own = via === '' ? '' : `Via: ${http2 ? '2.0' : '1.1'} ${via}\r\n`
  const origin = `X-Forwarded-For: ${address}\r\nX-Forwarded-Proto: ${proto}\r\n`
  return { ...info, defaultFields: Buffer.from(own + origin, 'latin1') }
}

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
  if (authority === '' && hasHost) writeFields(into, head, passes)
  else {
    putText(into, `Host: ${authority === '' ? fallbackHost : authority}\r\n`)
    writeFields(into, head, passesButHost)
  }
  writeFraming(into, request)
  writeOrigin(into, request, info)
  put(into, lineEnd)
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

/** Via (RFC 9110, section 7.6.3), the X-Forwarded fields, and Forwarded (RFC 7239) where it was there. */
function writeOrigin(into: ByteBuffer, request: RequestHead, info: ConnectionInfo): void {
  const { head, minor } = request
  let known = minor === 0
  for (let index = 0; index < head.count; index++) {
    const kind = head.kind[index]
    if (kind === field.via || kind === field.forwardedFor || kind === field.forwarded) known = true
  }
  if (known) writeLists(into, request, info)
  else put(into, info.defaultFields)
  writeForwardedHost(into, request)
}

function writeLists(into: ByteBuffer, { head, minor }: RequestHead, info: ConnectionInfo): void {
  const after = (list: string, own: string) => (list === '' ? own : `${list}, ${own}`)
  const via = listOf(head, field.via)
  const append = info.forwarded === 'append'
  const addresses = append ? listOf(head, field.forwardedFor) : ''
  const forwarded = listOf(head, field.forwarded)
  const version = info.http2 ? '2.0' : `1.${minor}`
  const own = info.address.includes(':') ? `"[${info.address}]"` : info.address
  const lines = [
    info.via === '' ? via && `Via: ${via}\r\n` : `Via: ${after(via, `${version} ${info.via}`)}\r\n`,
    `X-Forwarded-For: ${after(addresses, info.address)}\r\n`,
    `X-Forwarded-Proto: ${info.proto}\r\n`,
    forwarded &&
      `Forwarded: ${after(append ? forwarded : '', `for=${own};proto=${info.proto}`)}\r\n`,
  ]
  const text = lines.join('')
  reserve(into, text.length + additions)
  putText(into, text)
}

const forwardedHost = Buffer.from('X-Forwarded-Host: ', 'latin1')

function writeForwardedHost(into: ByteBuffer, { head, authority, hasHost }: RequestHead): void {
  if (authority === '' && !hasHost) return
  // The host may take up nearly all of the head, which the buffer has once already.
  reserve(into, head.end + additions)
  put(into, forwardedHost)
  if (authority !== '') putText(into, authority)
  else {
    const index = head.kind.indexOf(field.host)
    putPart(into, head.bytes, head.valueStart[index] as number, head.valueEnd[index] as number)
  }
  put(into, lineEnd)
}
