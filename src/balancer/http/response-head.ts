import { byteClass, carriageReturn, classesOf, lineFeed, space } from '../../http/bytes.ts'
import { field } from '../../http/field.ts'
import { connectionOptions } from './connection-options.ts'
import { type Framing, framing, readFraming } from './framing.ts'
import { emptyHead, type Head, incomplete, listOf, malformed, readFields } from './head.ts'

/** The head of a response. One record is reused for every response that a worker reads. */
export interface ResponseHead {
  readonly head: Head
  status: number
  /** From the status code to the end of the reason. */
  statusStart: number
  statusEnd: number
  readonly body: Framing
  /** The backend keeps its connection. */
  keepAlive: boolean
  /** Names in Connection: no trailer of these names is passed on. */
  named: ReadonlySet<string>
  /** The protocol that a 101 changes to, or those that a 426 requires; '' otherwise. */
  upgrade: string
}

/** A record for responses with at most `fields` fields. */
export function emptyResponseHead(fields: number): ResponseHead {
  return {
    head: emptyHead(fields, { allowSpace: true }),
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
 * Reads the head of a response from `from` on; `toHead` where the request's method is HEAD.
 *
 * @returns the offset of the body; incomplete, or malformed where it is no response of HTTP/1
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
  const persistent = minor === 1 || (options.keepAlive && response.body.kind !== framing.chunked)
  response.keepAlive = persistent && !options.close
  response.named = options.named
  const upgrades = response.status === 101 || response.status === 426
  response.upgrade = upgrades ? listOf(response.head, field.upgrade) : ''
  frameResponse(response, toHead)
  return end
}

/** RFC 9112, section 6.3: no body for HEAD, 1xx, 204 and 304; without any framing, until the connection closes. */
function frameResponse(response: ResponseHead, toHead: boolean): void {
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
  const minorDigit = ((classesOf[bytes[from + 7] as number] as number) & byteClass.digit) !== 0
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
  while (at < length && ((classesOf[bytes[at] as number] as number) & byteClass.value) !== 0) at++
  response.statusEnd = at
  if (at < length && bytes[at] !== carriageReturn) return malformed
  if (at + 1 >= length) return incomplete
  return bytes[at + 1] === lineFeed ? at + 2 : malformed
}

/** The number in three digits at `at`, or 0 where there is none. */
function statusOf(bytes: Buffer, at: number): number {
  let status = 0
  for (let i = at; i < at + 3; i++) {
    const digit = (bytes[i] as number) - 0x30
    if (digit < 0 || digit > 9) return 0
    status = status * 10 + digit
  }
  return status
}
