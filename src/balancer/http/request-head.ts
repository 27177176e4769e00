import { byteClass, carriageReturn, classesOf, lineFeed, space } from '../../http/bytes.ts'
import { field } from '../../http/field.ts'
import { connectionOptions } from './connection-options.ts'
import { type Framing, framing, readFraming } from './framing.ts'
import { emptyHead, type Head, incomplete, listOf, malformed, readFields, valueAt } from './head.ts'
import { websocket } from './websocket.ts'

/** The head of a request. One record is reused for every request that a worker reads. */
export interface RequestHead {
  readonly head: Head
  method: string
  methodStart: number
  methodEnd: number
  targetStart: number
  targetEnd: number
  /** The minor version of HTTP/1: 0 or 1. */
  minor: number
  readonly body: Framing
  /** The host of a target in absolute form, which overrides Host; '' otherwise. */
  authority: string
  hasHost: boolean
  keepAlive: boolean
  /** Names in Connection: no trailer of these names is passed on. */
  named: ReadonlySet<string>
  /** The client waits for 100 (Continue) before it sends the body. */
  expectsContinue: boolean
  acceptsTrailers: boolean
  /** The protocol that the client wants to change to, in lower case; '' for none. */
  upgrade: string
  /** Max-Forwards of TRACE or OPTIONS: proxies that may still forward it, including this one; −1 without it. */
  maxForwards: number
}

/** A record for requests with at most `fields` fields. */
export function emptyRequestHead(fields: number): RequestHead {
  return {
    head: emptyHead(fields),
    method: '',
    methodStart: 0,
    methodEnd: 0,
    targetStart: 0,
    targetEnd: 0,
    minor: 1,
    body: { kind: framing.length, length: 0, declared: -1 },
    authority: '',
    hasHost: false,
    keepAlive: true,
    named: new Set(),
    expectsContinue: false,
    acceptsTrailers: false,
    upgrade: '',
    maxForwards: -1,
  }
}

/**
 * Reads the head of a request from `from` on.
 *
 * @returns the offset of the body; 0 where the head is incomplete; or the negated status to refuse it with
 */
export function readRequestHead(request: RequestHead, bytes: Buffer, from: number): number {
  const lineEnd = readRequestLine(request, bytes, skipEmptyLines(bytes, from))
  if (lineEnd <= 0) return lineEnd
  const end = readFields(request.head, bytes, lineEnd)
  if (end <= 0) return end === incomplete ? 0 : end === malformed ? -400 : -431
  const refusal = interpret(request)
  return refusal === 0 ? end : -refusal
}

/** A server should ignore empty lines before a request: RFC 9112, section 2.2. */
function skipEmptyLines(bytes: Buffer, from: number): number {
  let at = from
  while (bytes[at] === carriageReturn && bytes[at + 1] === lineFeed) at += 2
  return at
}

function readRequestLine(request: RequestHead, bytes: Buffer, from: number): number {
  const { length } = bytes
  let at = from
  while (at < length && ((classesOf[bytes[at] as number] as number) & byteClass.token) !== 0) at++
  if (at >= length) return incomplete
  if (bytes[at] === carriageReturn && at === from && at + 1 === length) return incomplete
  if (bytes[at] !== space || at === from) return -400
  request.methodStart = from
  request.methodEnd = at
  const start = ++at
  while (at < length && ((classesOf[bytes[at] as number] as number) & byteClass.target) !== 0) at++
  if (at >= length) return incomplete
  if (bytes[at] !== space || at === start) return -400
  request.targetStart = start
  request.targetEnd = at
  return readVersion(request, bytes, at + 1)
}

const version = Buffer.from('HTTP/', 'latin1')

/** Reads `HTTP/1.x CRLF`: another major version gets 505, anything else 400. */
function readVersion(request: RequestHead, bytes: Buffer, from: number): number {
  const have = Math.min(bytes.length - from, version.length)
  for (let i = 0; i < have; i++) if (bytes[from + i] !== version[i]) return -400
  if (bytes.length < from + 10) return incomplete
  const major = bytes[from + 5] as number
  const minor = bytes[from + 7] as number
  const digits =
    ((classesOf[major] as number) & (classesOf[minor] as number) & byteClass.digit) !== 0
  if (!digits || bytes[from + 6] !== 0x2e) return -400
  if (bytes[from + 8] !== carriageReturn || bytes[from + 9] !== lineFeed) return -400
  if (major !== 0x31) return -505
  // A higher minor version is treated as 1.1: RFC 9110, section 2.5.
  request.minor = minor === 0x30 ? 0 : 1
  return from + 10
}

/** Interprets the fields; returns 0, or the status to refuse the request with. */
function interpret(request: RequestHead): number {
  const { head, body } = request
  request.method = methodOf(request)
  // Only forward proxies support CONNECT: RFC 9110, section 9.3.6.
  if (request.method === 'CONNECT') return 405
  const refusal = readTarget(request) || readHost(request) || readFraming(head, body)
  if (refusal !== 0) return refusal
  // A coding in a 1.0 message means that its framing is faulty: RFC 9112, section 6.1.
  if (request.minor === 0 && body.kind === framing.chunked) return 400
  const options = connectionOptions(head)
  request.keepAlive = request.minor === 1 ? !options.close : options.keepAlive && !options.close
  request.named = options.named
  request.upgrade = ''
  request.acceptsTrailers = false
  request.expectsContinue = false
  request.maxForwards = -1
  return readRareFields(request, options.upgrade)
}

const { host, expect, upgrade, te, maxForwards } = field

function readRareFields(request: RequestHead, upgrades: boolean): number {
  const { head, minor, body } = request
  for (let index = 0; index < head.count; index++) {
    const kind = head.kind[index]
    if (kind === te)
      request.acceptsTrailers ||= /(^|,)[ \t]*trailers[ \t]*(,|$)/i.test(valueAt(head, index))
    else if (kind === maxForwards) readMaxForwards(request, index)
    else if (kind === expect && minor === 1) {
      if (valueAt(head, index).toLowerCase() !== '100-continue') return 417
      request.expectsContinue = body.kind === framing.chunked || body.length > 0
    }
  }
  // Once for all of its fields: for each of them it would take time with the square of their number.
  if (upgrades && minor === 1) request.upgrade = upgradeOf(request)
  return 0
}

/** In other methods Max-Forwards is passed on unchanged: RFC 9110, section 7.6.2. */
function readMaxForwards(request: RequestHead, index: number): void {
  const { head, method } = request
  const value = valueAt(head, index)
  if ((method !== 'TRACE' && method !== 'OPTIONS') || !/^\d{1,9}$/.test(value)) return
  request.maxForwards = Number(value)
  head.kind[index] = field.dropped
}

/**
 * The protocols of an upgrade. RFC 9113, section 3.1, removed h2c, which can smuggle requests past a proxy. A body goes before the
 * change (RFC 9110, section 7.8), as in the attaching of Docker; the handshake of a WebSocket has none.
 */
function upgradeOf({ head, body }: RequestHead): string {
  const protocol = listOf(head, upgrade).toLowerCase()
  const names = protocol.split(/[,/ \t]+/)
  const empty = body.kind === framing.length && body.length === 0
  return names.includes('h2c') || (!empty && names.includes(websocket)) ? '' : protocol
}

const get = 0x47455420
/** The method as text, without a new string for GET. */
function methodOf({ head: { bytes }, methodStart, methodEnd }: RequestHead): string {
  if (bytes.readUInt32BE(methodStart) === get) return 'GET'
  return bytes.toString('latin1', methodStart, methodEnd)
}

/** Accepts the origin form, `*` for OPTIONS, and the absolute form, which is split into authority and path. */
function readTarget(request: RequestHead): number {
  const { bytes } = request.head
  request.authority = ''
  const first = bytes[request.targetStart]
  if (first === 0x2f) return 0
  if (first === 0x2a && request.targetEnd - request.targetStart === 1) {
    return request.method === 'OPTIONS' ? 0 : 400
  }
  const target = bytes.toString('latin1', request.targetStart, request.targetEnd)
  const [, scheme = '', authority = ''] = /^(https?:\/\/)([^/?]+)/i.exec(target) ?? []
  if (authority === '' || !isHost(Buffer.from(authority, 'latin1'), 0, authority.length)) return 400
  request.authority = authority
  request.targetStart += scheme.length + authority.length
  return 0
}

/** Exactly one valid Host in 1.1, zero or one in 1.0: RFC 9112, section 3.2. */
function readHost(request: RequestHead): number {
  const { head, minor } = request
  request.hasHost = false
  for (let index = 0; index < head.count; index++) {
    if (head.kind[index] !== host) continue
    const start = head.valueStart[index] as number
    if (request.hasHost || !isHost(head.bytes, start, head.valueEnd[index] as number)) return 400
    request.hasHost = true
  }
  return minor === 1 && !request.hasHost ? 400 : 0
}

/** Whether it is `host [ ":" port ]`, with a host in brackets, or without any bracket or colon. */
function isHost(bytes: Buffer, start: number, end: number): boolean {
  if (start === end) return false
  let colons = 0
  let brackets = 0
  for (let at = start; at < end; at++) {
    const code = bytes[at] as number
    if (((classesOf[code] as number) & byteClass.host) === 0) return false
    if (code === 0x3a) colons++
    else if (code === 0x5b || code === 0x5d) brackets++
  }
  if (colons === 0 && brackets === 0) return true
  return /^(\[[\dA-Fa-f:.]+\]|[^:[\]]+)(:\d*)?$/.test(bytes.toString('latin1', start, end))
}
