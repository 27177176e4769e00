import { type ByteBuffer, put } from '../../http/byte-buffer.ts'
import { fieldKind } from '../../http2/field-kind.ts'
import { hasValue } from '../../http2/field-list.ts'
import type { Http2Head } from '../../http2/head-check.ts'
import { reserveLines, writeLines, writeValue } from './write-http1-fields.ts'

const space = Buffer.from(' ', 'latin1')
const slash = Buffer.from('/', 'latin1')
const version = Buffer.from(' HTTP/1.1\r\nHost: ', 'latin1')
const lineEnd = Buffer.from('\r\n', 'latin1')
const chunkedLine = Buffer.from('Transfer-Encoding: chunked\r\n', 'latin1')
const emptyLine = Buffer.from('Content-Length: 0\r\n', 'latin1')

/** Methods whose request has a body, even an empty one: RFC 9110, section 8.6. */
const withBody = ['POST', 'PUT', 'PATCH'].map((method) => Buffer.from(method, 'latin1'))

/** Bytes that a request needs besides its fields. */
const additions = 128

/**
 * Writes the head of a request, as `headers` reported it, in HTTP/1.1. CONNECT gets the path `/`, for the reader
 * of HTTP/1.1 to refuse it. Not for extended CONNECT.
 *
 * @param ended no content follows
 * @returns whether the content must follow in the chunked coding
 */
export function writeHttp1Request(into: ByteBuffer, head: Http2Head, ended: boolean): boolean {
  const { fields, index, contentLength } = head
  reserveLines(into, fields, additions)
  const path = index[fieldKind.path] as number
  const authority = index[fieldKind.authority] as number
  writeValue(into, fields, index[fieldKind.method] as number)
  put(into, space)
  if (path < 0) put(into, slash)
  else writeValue(into, fields, path)
  put(into, version)
  writeValue(into, fields, authority < 0 ? (index[fieldKind.host] as number) : authority)
  put(into, lineEnd)
  writeLines(into, fields)
  const chunked = contentLength < 0 && !ended
  if (chunked) put(into, chunkedLine)
  else if (contentLength < 0 && hasBody(head)) put(into, emptyLine)
  put(into, lineEnd)
  return chunked
}

function hasBody({ fields, index }: Http2Head): boolean {
  return withBody.some((method) => hasValue(fields, index[fieldKind.method] as number, method))
}
