import { type ByteBuffer, put, putPart, reserve } from '../../http/byte-buffer.ts'
import { fieldKind, lastPseudo } from '../../http2/field-kind.ts'
import type { FieldList } from '../../http2/field-list.ts'

const separator = Buffer.from(': ', 'latin1')
const crumbSeparator = Buffer.from('; ', 'latin1')
const cookieName = Buffer.from('cookie: ', 'latin1')
const lineEnd = Buffer.from('\r\n', 'latin1')
const lastChunk = Buffer.from('0\r\n', 'latin1')

/** Bytes that a field needs in HTTP/1.1 besides its name and value. */
const perField = separator.length + lineEnd.length

/** Reserves room for all fields of a list as lines of HTTP/1.1, and for `more` bytes. */
export function reserveLines(into: ByteBuffer, fields: FieldList, more: number): void {
  reserve(into, fields.length + (fields.count + 1) * perField + more)
}

/**
 * Writes the regular fields of a checked list as lines of HTTP/1.1, in their order, except Host. The fields of
 * Cookie follow as one: RFC 9113, section 8.2.3. There must be room.
 */
export function writeLines(into: ByteBuffer, fields: FieldList): void {
  let crumbs = 0
  for (let index = 0; index < fields.count; index++) {
    const kind = fields.kind[index] as number
    if (kind === fieldKind.cookie) crumbs++
    else if (kind !== fieldKind.host && !isPseudo(kind)) writeLine(into, fields, index)
  }
  if (crumbs > 0) writeCookie(into, fields)
}

function isPseudo(kind: number): boolean {
  return kind >= fieldKind.method && kind <= lastPseudo
}

function writeLine(into: ByteBuffer, fields: FieldList, index: number): void {
  const valueStart = fields.valueStart[index] as number
  putPart(into, fields.bytes, fields.nameStart[index] as number, valueStart)
  put(into, separator)
  writeValue(into, fields, index)
  put(into, lineEnd)
}

/** Writes the value of a field. There must be room. */
export function writeValue(into: ByteBuffer, fields: FieldList, index: number): void {
  const from = fields.valueStart[index] as number
  putPart(into, fields.bytes, from, fields.nameStart[index + 1] as number)
}

function writeCookie(into: ByteBuffer, fields: FieldList): void {
  put(into, cookieName)
  let first = true
  for (let index = 0; index < fields.count; index++) {
    if (fields.kind[index] !== fieldKind.cookie) continue
    if (!first) put(into, crumbSeparator)
    writeValue(into, fields, index)
    first = false
  }
  put(into, lineEnd)
}

/** Writes the last chunk of a body in the chunked coding, with checked trailers: RFC 9112, section 7.1. */
export function writeLastChunk(into: ByteBuffer, trailers: FieldList): void {
  reserveLines(into, trailers, lastChunk.length + lineEnd.length)
  put(into, lastChunk)
  writeLines(into, trailers)
  put(into, lineEnd)
}
