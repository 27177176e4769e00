import { type ByteBuffer, put, putText } from '../../http/byte-buffer.ts'
import type { Http2Head } from '../../http2/head-check.ts'
import { reasonPhrase } from '../http/reason-phrase.ts'
import { reserveLines, writeLines } from './write-http1-fields.ts'

const lineEnd = Buffer.from('\r\n', 'latin1')
const chunkedLine = Buffer.from('transfer-encoding: chunked\r\n', 'latin1')
const emptyLine = Buffer.from('content-length: 0\r\n', 'latin1')
const closeLine = Buffer.from('connection: close\r\n', 'latin1')

/** Bytes that a response needs besides its fields. */
const additions = 128

/** How a response continues after its head. */
export interface ResponseContent {
  /** No content follows. */
  readonly ended: boolean
  /** The request is HEAD. */
  readonly toHead: boolean
}

/**
 * Writes the head of a response, as `headers` reported it, in HTTP/1.1, as on a connection that is not kept.
 *
 * @returns whether the content must follow in the chunked coding
 */
export function writeHttp1Response(
  into: ByteBuffer,
  { fields, status, contentLength }: Http2Head,
  { ended, toHead }: ResponseContent,
): boolean {
  reserveLines(into, fields, additions)
  // HTTP/2 has no reason phrase, but some clients of HTTP/1.1 need one.
  putText(into, `HTTP/1.1 ${String(status).padStart(3, '0')} ${reasonPhrase(status)}\r\n`)
  writeLines(into, fields)
  const interim = status >= 100 && status < 200
  const unframed = contentLength < 0 && !interim && !toHead && status !== 204 && status !== 304
  if (unframed) put(into, ended ? emptyLine : chunkedLine)
  if (!interim) put(into, closeLine)
  put(into, lineEnd)
  return unframed && !ended
}
