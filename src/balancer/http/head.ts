import {
  byteClass,
  carriageReturn,
  classesOf,
  colon,
  lineFeed,
  space,
  tab,
} from '../../http/bytes.ts'
import { fieldNamed } from '../../http/field.ts'

/** Results of `readFields` and of the readers of start lines instead of an offset. */
export const incomplete = 0
export const malformed = -1
const tooMany = -2

/**
 * The offsets of the parts of a head in its bytes. One record is reused for every head, and is valid until
 * the next one is read. Nothing is copied.
 */
export interface Head {
  bytes: Buffer
  /** Offset of the fields, just after the start line. */
  start: number
  /** Offset just after the empty line. */
  end: number
  /** Number of fields. */
  count: number
  readonly maxFields: number
  /** Space before a colon is no error: it is moved behind the colon, in the bytes themselves. */
  readonly allowSpace: boolean
  readonly kind: Uint8Array
  /** Offset of each field's line, which starts with its name and ends where the next one starts. */
  readonly line: Int32Array
  readonly nameEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
}

/**
 * A record for heads with at most `maxFields` fields. A server refuses a request with space between a field's
 * name and its colon, but a proxy must remove that space from a response: RFC 9112, section 5.1. `allowSpace`
 * is for that.
 */
export function emptyHead(maxFields: number, { allowSpace = false } = {}): Head {
  return {
    bytes: Buffer.alloc(0),
    start: 0,
    end: 0,
    count: 0,
    maxFields,
    allowSpace,
    kind: new Uint8Array(maxFields),
    line: new Int32Array(maxFields + 1),
    nameEnd: new Int32Array(maxFields),
    valueStart: new Int32Array(maxFields),
    valueEnd: new Int32Array(maxFields),
  }
}

/**
 * Reads field lines and the empty line behind them, strictly: RFC 9112, section 5. No space before the
 * colon (but see `allowSpace`), no folded lines, CRLF only, no control characters.
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

/** Reads one field line into the next index of `head`. */
function readField(head: Head, bytes: Buffer, from: number): number {
  const { length } = bytes
  const { count } = head
  if (count === head.maxFields) return tooMany
  let at = readName(head, bytes, from)
  if (at <= 0) return at
  head.line[count] = from
  head.nameEnd[count] = at
  head.kind[count] = fieldNamed(bytes, from, at)
  at++
  while (at < length && (bytes[at] === space || bytes[at] === tab)) at++
  head.valueStart[count] = at
  while (at < length && ((classesOf[bytes[at] as number] as number) & byteClass.value) !== 0) at++
  if (at >= length) return incomplete
  if (bytes[at] !== carriageReturn) return malformed
  if (at + 1 >= length) return incomplete
  if (bytes[at + 1] !== lineFeed) return malformed
  head.valueEnd[count] = trimEnd(bytes, head.valueStart[count] as number, at)
  head.count = count + 1
  return at + 2
}

/** The offset of the colon behind a field's name. */
function readName(head: Head, bytes: Buffer, from: number): number {
  const { length } = bytes
  let at = from
  while (at < length && ((classesOf[bytes[at] as number] as number) & byteClass.token) !== 0) at++
  if (at >= length) return incomplete
  if (at === from) return malformed
  if (bytes[at] === colon) return at
  return head.allowSpace ? moveColon(bytes, at) : malformed
}

/** Swaps the colon behind space, which starts at `nameEnd`, with the first byte of that space. */
function moveColon(bytes: Buffer, nameEnd: number): number {
  let at = nameEnd
  while (bytes[at] === space || bytes[at] === tab) at++
  if (at >= bytes.length) return incomplete
  if (at === nameEnd || bytes[at] !== colon) return malformed
  bytes[at] = space
  bytes[nameEnd] = colon
  return nameEnd
}

/** The end of a value that is followed by optional white space up to `end`. */
function trimEnd(bytes: Buffer, start: number, end: number): number {
  let last = end
  while (last > start && (bytes[last - 1] === space || bytes[last - 1] === tab)) last--
  return last
}

/** The value of a field as text, one character per byte. */
export function valueAt(head: Head, index: number): string {
  return head.bytes.toString('latin1', head.valueStart[index], head.valueEnd[index])
}

/** The index of the first field with a name, which must be given in lower case; −1 where there is none. */
export function indexOfName(head: Head, name: string): number {
  for (let index = 0; index < head.count; index++) {
    const start = head.line[index] as number
    const end = head.nameEnd[index] as number
    if (end - start !== name.length) continue
    if (head.bytes.toString('latin1', start, end).toLowerCase() === name) return index
  }
  return -1
}

/** The values of all fields of one kind, joined as a list; '' without any. */
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
 * section 5.6.3). `trim` would remove U+00A0, too, and find a length or a coding where other parsers find none.
 * A scan from both ends, since a regular expression for trailing white space takes quadratic time.
 */
export function membersOf(list: string): string[] {
  return list.split(',').map(withoutSpace)
}

function withoutSpace(member: string): string {
  let from = 0
  let to = member.length
  while (from < to && isSpace(member.charCodeAt(from))) from++
  while (to > from && isSpace(member.charCodeAt(to - 1))) to--
  return member.slice(from, to)
}

function isSpace(code: number): boolean {
  return code === space || code === tab
}
