import { type ByteBuffer, put, putText } from '../../http/byte-buffer.ts'
import { fieldKind } from '../../http2/field-kind.ts'
import { type FieldList, hasName } from '../../http2/field-list.ts'
import type { Http2Head } from '../../http2/head-check.ts'
import { acceptName, keyName } from '../http/websocket.ts'
import { reserveLines, writeLines, writeValue } from './write-http1-fields.ts'

const get = Buffer.from('GET ', 'latin1')
const version = Buffer.from(' HTTP/1.1\r\nHost: ', 'latin1')
const lineEnd = Buffer.from('\r\n', 'latin1')
const switched = Buffer.from('HTTP/1.1 101 Switching Protocols\r\n', 'latin1')
const upgradeLines = Buffer.from('Connection: Upgrade\r\nUpgrade: websocket\r\n', 'latin1')
const keyField = Buffer.from(keyName, 'latin1')
const acceptField = Buffer.from(acceptName, 'latin1')

/** Bytes that a head needs besides its fields. */
const additions = 256

/** Writes an extended CONNECT for WebSocket as the request of HTTP/1.1 that asks for it: RFC 8441, section 5. */
export function writeHttp1Upgrade(into: ByteBuffer, head: Http2Head, key: string): void {
  const { fields, index } = head
  const authority = index[fieldKind.authority] as number
  leaveOut(fields, keyField)
  reserveLines(into, fields, additions)
  put(into, get)
  writeValue(into, fields, index[fieldKind.path] as number)
  put(into, version)
  writeValue(into, fields, authority < 0 ? (index[fieldKind.host] as number) : authority)
  put(into, lineEnd)
  writeLines(into, fields)
  put(into, upgradeLines)
  putText(into, `Sec-WebSocket-Key: ${key}\r\n\r\n`)
}

/**
 * Writes the successful response to an extended CONNECT as the 101 of HTTP/1.1.
 *
 * @param accept for Sec-WebSocket-Accept; '': the request had no key
 */
export function writeHttp1Switch(into: ByteBuffer, { fields }: Http2Head, accept: string): void {
  leaveOut(fields, acceptField)
  reserveLines(into, fields, additions)
  put(into, switched)
  put(into, upgradeLines)
  if (accept !== '') putText(into, `Sec-WebSocket-Accept: ${accept}\r\n`)
  writeLines(into, fields)
  put(into, lineEnd)
}

/** Has `writeLines` leave out the fields with a name, as it does with pseudo-fields. */
function leaveOut(fields: FieldList, name: Buffer): void {
  for (let index = 0; index < fields.count; index++) {
    if (hasName(fields, index, name)) fields.kind[index] = fieldKind.protocol
  }
}
