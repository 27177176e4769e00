import { byteOf, bytesOf, carriageReturn, lineFeed, space, tab } from './bytes.ts'
import { dropNamed } from './connection-options.ts'
import { emptyHead, type Head, readFields } from './head.ts'

/** Where in the chunked coding a reader stands. */
const at = {
  size: 0,
  sizeMore: 1,
  extension: 2,
  sizeEnd: 3,
  data: 4,
  dataReturn: 5,
  dataEnd: 6,
  trailers: 7,
  done: 8,
} as const

type ChunksState = (typeof at)[keyof typeof at]

/** Octets of extensions that one chunk may have: they carry nothing that anyone needs. */
const mostExtension = 1024
/** Octets that the trailers of one body may have. */
const mostTrailer = 8192
/** Digits of a chunk's size, leading zeros among them. */
const mostDigits = 32
/** The greatest size of a chunk. */
const mostSize = 2 ** 48

/** A reader of one body in the chunked coding: RFC 9112, section 7.1, with CRLF only. */
export interface Chunks {
  state: ChunksState
  /** What is left of the current chunk, or its size as far as it was read. */
  left: number
  digits: number
  extension: number
  trailer: Buffer
  /** Trailer fields that are for one connection only. */
  readonly named: ReadonlySet<string>
  /** The trailer fields, once done; undefined where there are none. */
  trailers: Head | undefined
  /** Octets that the last step used up, and that it gave out. */
  read: number
  wrote: number
}

const none: ReadonlySet<string> = new Set()

/** A reader at the start of a body, of whose trailers those that Connection `named` are dropped. */
export function chunks(named = none): Chunks {
  return {
    state: at.size,
    left: 0,
    digits: 0,
    extension: 0,
    trailer: Buffer.alloc(0),
    named,
    trailers: undefined,
    read: 0,
    wrote: 0,
  }
}

/** Whether the whole body, with its trailers, was read. */
export function isDone(body: Chunks): boolean {
  return body.state === at.done
}

/**
 * Decodes what is in `bytes` from `from` on, until the body or the bytes end, and writes the data to
 * `out` at `to`, which must have room for all of it.
 *
 * @returns false where the coding is broken
 */
export function decode(
  body: Chunks,
  bytes: Buffer,
  { from, out, to }: { readonly from: number; readonly out: Buffer; readonly to: number },
): boolean {
  let position = from
  let written = to
  while (position < bytes.length && body.state !== at.done) {
    if (body.state === at.data) {
      const part = Math.min(body.left, bytes.length - position)
      bytes.copy(out, written, position, position + part)
      position += part
      written += part
      body.left -= part
      if (body.left === 0) body.state = at.dataReturn
    } else if (body.state === at.trailers) {
      const used = readTrailers(body, bytes, position)
      if (used < 0) return false
      position += used
    } else if (!step(body, bytes[position++] as number)) return false
  }
  body.read = position - from
  body.wrote = written - to
  return true
}

/** Takes one octet of the framing. */
function step(body: Chunks, code: number): boolean {
  switch (body.state) {
    case at.size:
    case at.sizeMore:
      return stepSize(body, code)
    case at.extension:
      if (code === carriageReturn) body.state = at.sizeEnd
      else body.extension++
      return (
        code === carriageReturn ||
        (((bytesOf[code] as number) & byteOf.value) !== 0 && body.extension <= mostExtension)
      )
    case at.sizeEnd:
      body.state = body.left === 0 ? at.trailers : at.data
      body.digits = 0
      body.extension = 0
      return code === lineFeed
    case at.dataReturn:
      body.state = at.dataEnd
      return code === carriageReturn
    default:
      body.state = at.size
      return code === lineFeed
  }
}

function stepSize(body: Chunks, code: number): boolean {
  const digit = hexDigit(code)
  if (digit >= 0 && body.state === at.size) {
    body.left = body.left * 16 + digit
    return ++body.digits <= mostDigits && body.left <= mostSize
  }
  if (body.digits === 0) return false
  // White space is only bad, not wrong, before an extension: RFC 9112, section 7.1.1.
  if (code === space || code === tab) {
    body.state = at.sizeMore
    return ++body.extension <= mostExtension
  }
  if (code === 0x3b) body.state = at.extension
  else if (code === carriageReturn && body.state === at.size) body.state = at.sizeEnd
  else return false
  return true
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Gathers the trailer section; gives how many octets it used, or −1 where it is broken. */
function readTrailers(body: Chunks, bytes: Buffer, from: number): number {
  const before = body.trailer.length
  if (before === 0 && bytes[from] === carriageReturn && bytes[from + 1] === lineFeed) {
    body.state = at.done
    return 2
  }
  const section =
    before === 0 ? bytes.subarray(from) : Buffer.concat([body.trailer, bytes.subarray(from)])
  const head = emptyHead(64)
  const end = readFields(head, section, 0)
  if (end < 0 || (end === 0 && section.length > mostTrailer)) return -1
  if (end === 0) {
    body.trailer = Buffer.from(section)
    return bytes.length - from
  }
  body.state = at.done
  if (head.count > 0) {
    head.bytes = Buffer.from(section.subarray(0, end))
    dropNamed(head, body.named)
    body.trailers = head
  }
  return end - before
}
