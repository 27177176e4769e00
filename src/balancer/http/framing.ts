import { field } from '../../http/field.ts'
import { type Head, listOf, membersOf, valueAt } from './head.ts'

/** How a body is framed: it has a length, is in the chunked coding, or lasts until the connection closes. */
export const framing = { length: 0, chunked: 1, close: 2 } as const

/** One of them. Small integers: they are read for each message. */
export type FramingKind = (typeof framing)[keyof typeof framing]

/** How the body of a message is framed. */
export interface Framing {
  kind: FramingKind
  /** Bytes of a body with a length. */
  length: number
  /** The value of Content-Length, also where there is no body; −1 where it is absent. */
  declared: number
}

/** Maximum digits of a length: a double holds it exactly. */
const maxDigits = 15

/** The status to refuse a message with, or 0. */
export type Refusal = number

/**
 * Reads Content-Length and Transfer-Encoding into `into`: RFC 9112, section 6.3, at its strictest.
 * Both at once, lengths that differ, and codings other than chunked are all refused. Without either the
 * length is 0, which a reader of responses must correct.
 *
 * @returns 0, or the status to refuse the message with
 */
export function readFraming(head: Head, into: Framing): Refusal {
  into.kind = framing.length
  into.length = 0
  into.declared = -1
  let codings = 0
  for (let index = 0; index < head.count; index++) {
    const kind = head.kind[index]
    if (kind === field.transferEncoding) {
      // Joined with another field, an empty value would go unnoticed.
      if (head.valueStart[index] === head.valueEnd[index]) return 400
      codings++
    } else if (kind === field.contentLength) {
      const length = lengthAt(head, index)
      if (length < 0 || (into.declared >= 0 && length !== into.declared)) return 400
      into.length = length
      into.declared = length
    }
  }
  if (codings === 0) return 0
  if (into.declared >= 0) return 400
  into.kind = framing.chunked
  return codingRefusal(listOf(head, field.transferEncoding))
}

/** The value of a Content-Length field, or −1 where it is malformed. */
function lengthAt(head: Head, index: number): number {
  const end = head.valueEnd[index] as number
  let at = head.valueStart[index] as number
  if (end - at > maxDigits || at === end) return lengthOf(valueAt(head, index))
  let length = 0
  for (; at < end; at++) {
    const digit = (head.bytes[at] as number) - 0x30
    if (digit < 0 || digit > 9) return lengthOf(valueAt(head, index))
    length = length * 10 + digit
  }
  return length
}

/** A length of digits only, or a list of equal ones (RFC 9110, section 8.6); −1 where it is malformed. */
function lengthOf(value: string): number {
  let length = -1
  for (const digits of membersOf(value)) {
    if (!/^\d{1,15}$/.test(digits.replace(/^0+(?=\d)/, ''))) return -1
    const next = Number(digits)
    if (length >= 0 && next !== length) return -1
    length = next
  }
  return length
}

/** RFC 9112, section 6.1: chunked must be last and come once (400); no other coding is supported (501). */
function codingRefusal(value: string): Refusal {
  const codings = membersOf(value.toLowerCase())
  if (codings.pop() !== 'chunked' || codings.includes('chunked')) return 400
  return codings.length > 0 ? 501 : 0
}
