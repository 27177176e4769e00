import { byteOf, bytesOf, carriageReturn, lineFeed, space } from './bytes.ts'
import { connectionOptions } from './connection-options.ts'
import { field } from './field.ts'
import { type Framing, framing, readFraming } from './framing.ts'
import { emptyHead, type Head, incomplete, listOf, malformed, readFields } from './head.ts'

/** What the head of an answer says. One record is used again for every answer a worker reads. */
export interface ResponseHead {
  readonly head: Head
  status: number
  /** From the status code to the end of the reason. */
  statusStart: number
  statusEnd: number
  readonly body: Framing
  /** The backend keeps its connection. */
  keepAlive: boolean
  /** What Connection names: no trailer of these names is passed on. */
  named: ReadonlySet<string>
  /** The protocol that a 101 changes to. */
  upgrade: string
}

/** A record for answers with at most `fields` fields. */
export function emptyResponseHead(fields: number): ResponseHead {
  return {
    head: emptyHead(fields, { spaced: true }),
    status: 0,
    statusStart: 0,
    statusEnd: 0,
    body: { kind: framing.length, length: 0, declared: -1 },
    keepAlive: true,
    named: new Set(),
    upgrade: '',
  }
}

/**
 * Reads the head of an answer to a request with `method` from `from` on.
 *
 * @returns the offset where the body starts; incomplete, or malformed where it is no HTTP/1 answer
 */
export function readResponseHead(
  response: ResponseHead,
  bytes: Buffer,
  { from, toHead }: { readonly from: number; readonly toHead: boolean },
): number {
  const start = readStatusLine(response, bytes, from)
  if (start <= 0) return start
  const end = readFields(response.head, bytes, start)
  if (end === incomplete) return incomplete
  if (end < 0 || readFraming(response.head, response.body) !== 0) return malformed
  const options = connectionOptions(response.head)
  const minor = bytes[from + 7] === 0x30 ? 0 : 1
  // A coding in a 1.0 message means that its framing is faulty: RFC 9112, section 6.1.
  const lasts = minor === 1 || (options.keepAlive && response.body.kind !== framing.chunked)
  response.keepAlive = lasts && !options.close
  response.named = options.named
  response.upgrade = response.status === 101 ? listOf(response.head, field.upgrade) : ''
  frameAnswer(response, toHead)
  return end
}

/** RFC 9112, section 6.3: no body for HEAD, 1xx, 204 and 304; else without a frame, until closed. */
function frameAnswer(response: ResponseHead, toHead: boolean): void {
  const { status, body } = response
  if (toHead || status < 200 || status === 204 || status === 304) {
    body.kind = framing.length
    body.length = 0
  } else if (body.kind === framing.length && body.declared < 0) body.kind = framing.close
}

const version = Buffer.from('HTTP/1.', 'latin1')

/** Reads `HTTP/1.x SP 3DIGIT [SP reason] CRLF`. */
function readStatusLine(response: ResponseHead, bytes: Buffer, from: number): number {
  const { length } = bytes
  const have = Math.min(length - from, version.length)
  for (let i = 0; i < have; i++) if (bytes[from + i] !== version[i]) return malformed
  if (length < from + 13) return incomplete
  const minorDigit = ((bytesOf[bytes[from + 7] as number] as number) & byteOf.digit) !== 0
  response.status = statusOf(bytes, from + 9)
  if (!minorDigit || bytes[from + 8] !== space || response.status < 100) return malformed
  response.statusStart = from + 9
  const after = bytes[from + 12]
  if (after !== space && after !== carriageReturn) return malformed
  return readReason(response, bytes, from + 12)
}

function readReason(response: ResponseHead, bytes: Buffer, from: number): number {
  const { length } = bytes
  let at = from
  while (at < length && ((bytesOf[bytes[at] as number] as number) & byteOf.value) !== 0) at++
  response.statusEnd = at
  if (at < length && bytes[at] !== carriageReturn) return malformed
  if (at + 1 >= length) return incomplete
  return bytes[at + 1] === lineFeed ? at + 2 : malformed
}

/** Three digits at `at`, or 0 where they are none. */
function statusOf(bytes: Buffer, at: number): number {
  let status = 0
  for (let i = at; i < at + 3; i++) {
    const digit = (bytes[i] as number) - 0x30
    if (digit < 0 || digit > 9) return 0
    status = status * 10 + digit
  }
  return status
}
