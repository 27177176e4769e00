import { type ByteBuffer, put, putPart, putText, reserve } from '../../http/byte-buffer.ts'
import { field } from '../../http/field.ts'
import { type Head, listOf } from './head.ts'
import type { RequestHead } from './request-head.ts'

/** Bytes by which a list may grow, besides `ConnectionInfo`. */
const additions = 512

const lineEnd = Buffer.from('\r\n', 'latin1')

/** The client of a connection, and how requests to backends show it and this proxy. */
export interface ConnectionInfo {
  /** The address of the client, or of the last proxy before this one; `unix` or `unknown` where it has none. */
  readonly address: string
  /** The scheme of the client's connection. */
  readonly proto: 'http' | 'https'
  /** It speaks HTTP/2; in HTTP/1 each request has its own version. */
  readonly http2: boolean
  /** This proxy's name in Via; '' for none. */
  readonly via: string
  /** Whether X-Forwarded-For and Forwarded of the client are kept, and the address is appended. */
  readonly forwarded: 'append' | 'replace'
  /** It is a trusted proxy: its X-Forwarded-Proto, -Host and -Port are kept. */
  readonly trusted: boolean
  /** The field with the subject of the client's verified certificate; '' where it has none. Clients cannot send it. */
  readonly subject?: { readonly name: string; readonly value: string } | undefined
  /** Via, X-Forwarded-For and -Proto for requests that have none of their own: made once. */
  readonly defaultFields: Buffer
}

/** Adds the fields that are the same for all requests of a connection. */
export function connectionInfo(info: Omit<ConnectionInfo, 'defaultFields'>): ConnectionInfo {
  const { via, proto, http2 } = info
  const own = via === '' ? '' : `Via: ${http2 ? '2.0' : '1.1'} ${via}\r\n`
  const origin = `X-Forwarded-For: ${shown(info)}\r\nX-Forwarded-Proto: ${proto}\r\n`
  return { ...info, defaultFields: Buffer.from(own + origin, 'latin1') }
}

/** The address in X-Forwarded-For and Forwarded, which has a word for none: RFC 7239, section 6. */
function shown({ address }: { readonly address: string }): string {
  return address === 'unix' ? 'unknown' : address
}

/**
 * Writes where a request came from: Via (RFC 9110, section 7.6.3), the X-Forwarded fields, and Forwarded (RFC 7239)
 * where it was there. Trusted proxies' fields are kept, and appended to where they are lists.
 */
export function writeOrigin(into: ByteBuffer, request: RequestHead, info: ConnectionInfo): void {
  const { head, minor } = request
  if (minor === 0 || hasOrigin(head, info.trusted)) writeLists(into, request, info)
  else put(into, info.defaultFields)
  if (!info.trusted || !writeKept(into, head)) writeForwardedHost(into, request)
}

/** Whether some field is there that changes the default ones. */
function hasOrigin(head: Head, trusted: boolean): boolean {
  for (let index = 0; index < head.count; index++) {
    const kind = head.kind[index]
    if (kind === field.via || kind === field.forwardedFor || kind === field.forwarded) return true
    if (trusted && kind === field.forwardedProto) return true
  }
  return false
}

function writeLists(into: ByteBuffer, { head, minor }: RequestHead, info: ConnectionInfo): void {
  const after = (list: string, own: string) => (list === '' ? own : `${list}, ${own}`)
  const via = listOf(head, field.via)
  const append = info.forwarded === 'append'
  const addresses = append ? listOf(head, field.forwardedFor) : ''
  const forwarded = listOf(head, field.forwarded)
  const version = info.http2 ? '2.0' : `1.${minor}`
  const address = shown(info)
  const own = address.includes(':') ? `"[${address}]"` : address
  const lines = [
    info.via === '' ? via && `Via: ${via}\r\n` : `Via: ${after(via, `${version} ${info.via}`)}\r\n`,
    `X-Forwarded-For: ${after(addresses, address)}\r\n`,
    `X-Forwarded-Proto: ${schemeOf(head, info)}\r\n`,
    forwarded &&
      `Forwarded: ${after(append ? forwarded : '', `for=${own};proto=${info.proto}`)}\r\n`,
  ]
  const text = lines.join('')
  reserve(into, text.length + additions)
  putText(into, text)
}

/** The scheme of the client's own connection, as far as it is known. */
function schemeOf(head: Head, { trusted, proto }: ConnectionInfo): string {
  return (trusted && listOf(head, field.forwardedProto)) || proto
}

/** Writes X-Forwarded-Host and -Port of a trusted proxy; returns whether there was a host. */
function writeKept(into: ByteBuffer, head: Head): boolean {
  const host = listOf(head, field.forwardedHost)
  const port = listOf(head, field.forwardedPort)
  const text = (host && `X-Forwarded-Host: ${host}\r\n`) + (port && `X-Forwarded-Port: ${port}\r\n`)
  reserve(into, text.length + additions)
  putText(into, text)
  return host !== ''
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
