import { byteClass, classesOf } from '../http/bytes.ts'
import { teValue } from '../http/connection-fields.ts'
import { fieldKind, lastPseudo } from './field-kind.ts'
import { type FieldList, hasValue, valueAt } from './field-list.ts'

/** The head of a received message. One record is reused for all of them: its contents are valid until the next head. */
export interface Http2Head {
  readonly fields: FieldList
  /** The index in `fields` of each field with rules of its own, by `fieldKind`; −1: absent. */
  readonly index: Int32Array
  /** The status of a response; 0 for a request. */
  status: number
  /** Content-Length in bytes; −1: absent. */
  contentLength: number
}

const connectMethod = Buffer.from('CONNECT')
const optionsMethod = Buffer.from('OPTIONS')
const httpScheme = Buffer.from('http')
const httpsScheme = Buffer.from('https')

const kinds = Object.keys(fieldKind).length

/** A record for heads whose fields are decoded into `fields`. */
export function newHead(fields: FieldList): Http2Head {
  return { fields, index: new Int32Array(kinds).fill(-1), status: 0, contentLength: -1 }
}

/**
 * Sorts the fields of a request into `head`, and checks them: RFC 9113, sections 8.2, 8.3 and 8.5, and RFC 8441.
 * Where the RFC leaves a choice, the stricter reading applies, as for HTTP/1.1.
 *
 * @param extendedConnect our settings allow :protocol
 * @returns false if the request is malformed
 */
export function checkRequest(head: Http2Head, extendedConnect: boolean): boolean {
  if (!sortFields(head)) return false
  const { index } = head
  if (index[fieldKind.status] !== -1 || !hasToken(head, fieldKind.method)) return false
  const connects = isValue(head, fieldKind.method, connectMethod)
  if (index[fieldKind.protocol] !== -1) {
    // A tunnel has no content, so no length either: RFC 9110, section 9.3.6.
    const framed = head.contentLength >= 0
    if (!extendedConnect || !connects || framed || !hasToken(head, fieldKind.protocol)) return false
  } else if (connects) {
    const bare = index[fieldKind.scheme] === -1 && index[fieldKind.path] === -1
    return bare && index[fieldKind.authority] !== -1 && hasHost(head)
  }
  const known =
    isValue(head, fieldKind.scheme, httpScheme) || isValue(head, fieldKind.scheme, httpsScheme)
  return known && hasPath(head) && hasHost(head)
}

/**
 * Sorts the fields of a response into `head`, and checks them: RFC 9113, sections 8.2 and 8.3.2. Every status
 * of three digits is accepted except 101, which HTTP/2 does not have (section 8.6).
 */
export function checkResponse(head: Http2Head): boolean {
  if (!sortFields(head)) return false
  const { index, fields } = head
  for (let kind = fieldKind.method; kind < fieldKind.status; kind++) {
    if (index[kind] !== -1) return false
  }
  const at = index[fieldKind.status] as number
  if (at < 0) return false
  head.status = statusAt(fields, at)
  return head.status >= 0 && head.status !== 101
}

/** Whether fields are valid trailers: no pseudo-fields and no connection-specific fields. */
export function checkTrailers(fields: FieldList): boolean {
  for (let at = 0; at < fields.count; at++) {
    const kind = fields.kind[at] as number
    if (isPseudo(kind) || kind === fieldKind.invalid || kind === fieldKind.connection) return false
  }
  return true
}

function isPseudo(kind: number): boolean {
  return kind >= fieldKind.method && kind <= lastPseudo
}

/** Fills `index`. Each pseudo-field occurs once at most, before all regular fields: section 8.3. */
function sortFields(head: Http2Head): boolean {
  const { fields, index } = head
  index.fill(-1)
  head.status = 0
  head.contentLength = -1
  let regular = false
  for (let at = 0; at < fields.count; at++) {
    const kind = fields.kind[at] as number
    if (isPseudo(kind)) {
      if (regular || index[kind] !== -1) return false
    } else {
      regular = true
      if (kind !== fieldKind.other && !checkField(head, kind, at)) return false
    }
    if (kind !== fieldKind.other) index[kind] = at
  }
  return true
}

/** Checks a regular field. */
function checkField(head: Http2Head, kind: number, at: number): boolean {
  switch (kind) {
    case fieldKind.te:
      return valueAt(head.fields, at).toLowerCase() === teValue
    case fieldKind.host:
      return head.index[kind] === -1
    case fieldKind.contentLength: {
      const length = lengthAt(head.fields, at)
      const fits = length >= 0 && (head.contentLength < 0 || head.contentLength === length)
      head.contentLength = length
      return fits
    }
    case fieldKind.cookie:
      return true
    default:
      return false
  }
}

/** Digits of a length that a double holds exactly. */
const maxDigits = 15

/** The value of a Content-Length field; −1 if it is not a number. */
function lengthAt(fields: FieldList, index: number): number {
  const from = fields.valueStart[index] as number
  const end = fields.nameStart[index + 1] as number
  if (from === end || end - from > maxDigits) return -1
  let length = 0
  for (let at = from; at < end; at++) {
    const digit = (fields.bytes[at] as number) - 0x30
    if (digit < 0 || digit > 9) return -1
    length = length * 10 + digit
  }
  return length
}

/** Three digits, or −1. */
function statusAt(fields: FieldList, index: number): number {
  const digits = (fields.nameStart[index + 1] as number) - (fields.valueStart[index] as number)
  return digits === 3 ? lengthAt(fields, index) : -1
}

function isValue({ fields, index }: Http2Head, kind: number, value: Buffer): boolean {
  const at = index[kind] as number
  return at >= 0 && hasValue(fields, at, value)
}

/** Whether the field is present and its value is a token. */
function hasToken({ fields, index }: Http2Head, kind: number): boolean {
  return hasOnly(fields, index[kind] as number, byteClass.token)
}

/** Whether the field is present, and its value not empty and of bytes of one class only. */
function hasOnly(fields: FieldList, index: number, kind: number): boolean {
  if (index < 0) return false
  const from = fields.valueStart[index] as number
  const end = fields.nameStart[index + 1] as number
  for (let at = from; at < end; at++) {
    if (((classesOf[fields.bytes[at] as number] as number) & kind) === 0) return false
  }
  return from < end
}

const slash = 0x2f
const asterisk = Buffer.from('*')

/** A path in origin form without a fragment, or the asterisk of OPTIONS: section 8.3.1. */
function hasPath(head: Http2Head): boolean {
  const { fields, index } = head
  const at = index[fieldKind.path] as number
  if (!hasOnly(fields, at, byteClass.target)) return false
  if (fields.bytes[fields.valueStart[at] as number] === slash) return true
  return isValue(head, fieldKind.method, optionsMethod) && hasValue(fields, at, asterisk)
}

/** A host without user information; :authority and Host must not differ: section 8.3.1. */
function hasHost({ fields, index }: Http2Head): boolean {
  const authority = index[fieldKind.authority] as number
  const host = index[fieldKind.host] as number
  if (authority < 0) return hasOnly(fields, host, byteClass.host)
  if (!hasOnly(fields, authority, byteClass.host)) return false
  if (host < 0) return true
  return valueAt(fields, authority).toLowerCase() === valueAt(fields, host).toLowerCase()
}
