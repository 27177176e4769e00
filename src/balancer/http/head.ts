import { byteOf, bytesOf, carriageReturn, colon, lineFeed, space, tab } from './bytes.ts'
import { fieldNamed } from './field.ts'

/** What `readFields` and the readers of start lines say instead of an offset. */
export const incomplete = 0
export const malformed = -1
const tooMany = -2

/**
 * Where the parts of one head stand in its bytes. One record is used again for every head: what it
 * says holds until the next is read. Nothing is copied.
 */
export interface Head {
  bytes: Buffer
  /** Where the fields start: just after the start line. */
  start: number
  /** Just after the empty line. */
  end: number
  count: number
  readonly most: number
  /** Space before a colon is no error: it is moved behind the colon, in the bytes that are read. */
  readonly spaced: boolean
  readonly kind: Uint8Array
  /** Where the line of a field, which is its name, starts; its end is the start of the next. */
  readonly line: Int32Array
  readonly nameEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
}

/**
 * A record for heads with at most `most` fields. A server refuses a request with space between a field's name and its
 * colon, but a proxy must take it out of an answer: RFC 9112, section 5.1. `spaced` asks for that.
 */
export function emptyHead(most: number, { spaced = false } = {}): Head {
  return {
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    count: 0,
    most,
    spaced,
    kind: new Uint8Array(most),
    line: new Int32Array(most + 1),
    nameEnd: new Int32Array(most),
    valueStart: new Int32Array(most),
    valueEnd: new Int32Array(most),
  }
}

/**
 * Reads field lines up to and with the empty line that ends them: RFC 9112, section 5, strictly. No
 * space before the colon (but see `spaced`), no folded lines, CRLF only, no control characters.
 *
 * @returns the offset after the empty line, or incomplete, malformed, tooMany
 */
export function readFields(head: Head, bytes: Buffer, from: number): number {
  const { length } = bytes
  head.bytes = bytes
  head.start = from
  head.count = 0
  let at = from
  for (;;) {
    if (at >= length) return incomplete
    if (bytes[at] === carriageReturn) {
      head.line[head.count] = at
      if (at + 1 >= length) return incomplete
      if (bytes[at + 1] !== lineFeed) return malformed
      head.end = at + 2
      return at + 2
    }
    at = readField(head, bytes, at)
    if (at <= 0) return at
  }
}

/** Reads one field line into the next place of `head`. */
function readField(head: Head, bytes: Buffer, from: number): number {
  const { length } = bytes
  const { count } = head
  if (count === head.most) return tooMany
  let at = readName(head, bytes, from)
  if (at <= 0) return at
  head.line[count] = from
  head.nameEnd[count] = at
  head.kind[count] = fieldNamed(bytes, from, at)
  at++
  while (at < length && (bytes[at] === space || bytes[at] === tab)) at++
  head.valueStart[count] = at
  while (at < length && ((bytesOf[bytes[at] as number] as number) & byteOf.value) !== 0) at++
  if (at >= length) return incomplete
  if (bytes[at] !== carriageReturn) return malformed
  if (at + 1 >= length) return incomplete
  if (bytes[at + 1] !== lineFeed) return malformed
  head.valueEnd[count] = withoutSpace(bytes, head.valueStart[count] as number, at)
  head.count = count + 1
  return at + 2
}

/** The offset of the colon behind a field's name. */
function readName(head: Head, bytes: Buffer, from: number): number {
  const { length } = bytes
  let at = from
  while (at < length && ((bytesOf[bytes[at] as number] as number) & byteOf.token) !== 0) at++
  if (at >= length) return incomplete
  if (at === from) return malformed
  if (bytes[at] === colon) return at
  return head.spaced ? closeUp(bytes, at) : malformed
}

/** Has the colon behind space from `nameEnd` on change places with the first of that space. */
function closeUp(bytes: Buffer, nameEnd: number): number {
  let at = nameEnd
  while (bytes[at] === space || bytes[at] === tab) at++
  if (at >= bytes.length) return incomplete
  if (at === nameEnd || bytes[at] !== colon) return malformed
  bytes[at] = space
  bytes[nameEnd] = colon
  return nameEnd
}

/** Where a value ends that is followed by optional white space up to `end`. */
function withoutSpace(bytes: Buffer, start: number, end: number): number {
  let last = end
  while (last > start && (bytes[last - 1] === space || bytes[last - 1] === tab)) last--
  return last
}

/** The value of a field as text, an octet a character. */
export function valueAt(head: Head, index: number): string {
  return head.bytes.toString('latin1', head.valueStart[index], head.valueEnd[index])
}

/** The values of all fields of one kind, joined as a list, or '' where there is none. */
export function listOf(head: Head, kind: number): string {
  let list = ''
  for (let index = 0; index < head.count; index++) {
    if (head.kind[index] === kind)
      list = list === '' ? valueAt(head, index) : `${list}, ${valueAt(head, index)}`
  }
  return list
}

/**
 * The members of a list, without the optional white space around them: space and tab alone (RFC 9110,
 * section 5.6.3). `trim` would take U+00A0, too, and see a length or a coding where others see none.
 */
export function membersOf(list: string): string[] {
  return list.split(',').map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
}
