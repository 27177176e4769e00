import { space } from '../../http/bytes.ts'
import { connectionFieldKinds, teValue } from '../../http/connection-fields.ts'
import { field } from '../../http/field.ts'
import { type Framing, framing, readFraming } from '../../http/framing.ts'
import { type Head, listOf, readFields } from '../../http/head.ts'
import { fieldList } from '../../http/http2-fields.ts'

/** Left out of the fields: connection-specific, or sent as a pseudo-header. */
const omitted: ReadonlySet<number> = new Set([...connectionFieldKinds, field.host])

/** The head of a request in HTTP/2. */
export interface Http2Request {
  /** Names, in lower case, and values by turns; the pseudo-headers first. */
  readonly fields: string[]
  readonly method: string
  readonly body: Framing
  /** Offset of the body in the request's bytes. */
  readonly end: number
}

/**
 * Converts the head of a request from HTTP/1.1, as this proxy wrote it, to HTTP/2.
 *
 * @param head scratch to read the fields into
 */
export function requestToHttp2(head: Head, bytes: Buffer, scheme: string): Http2Request {
  const methodEnd = bytes.indexOf(space)
  const targetEnd = bytes.indexOf(space, methodEnd + 1)
  const end = readFields(head, bytes, bytes.indexOf('\r\n', targetEnd) + 2)
  const body: Framing = { kind: framing.length, length: 0, declared: -1 }
  readFraming(head, body)
  const method = bytes.toString('latin1', 0, methodEnd)
  const target = bytes.toString('latin1', methodEnd + 1, targetEnd)
  const authority = listOf(head, field.host)
  const pseudo = [':method', method, ':scheme', scheme, ':authority', authority, ':path', target]
  const fields = [...pseudo, ...fieldList(head, omitted)]
  if (listOf(head, field.te) !== '') fields.push('te', teValue)
  return { fields, method, body, end }
}
