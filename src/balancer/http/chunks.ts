import { byteClass, carriageReturn, classesOf, lineFeed, space, tab } from '../../http/bytes.ts'
import { dropNamed } from './connection-options.ts'
import { emptyHead, type Head, readFields } from './head.ts'

/** States of the reader: the part of the chunked coding that comes next. */
const state = {
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

type ChunksState = (typeof state)[keyof typeof state]

/** Maximum bytes of a chunk's extensions, which nothing uses. */
const maxExtension = 1024
/** Maximum bytes of the trailers of a body. */
const maxTrailer = 8192
/** Maximum digits of a chunk's size, with leading zeros. */
const maxDigits = 32
/** Maximum size of a chunk, in bytes. */
const maxSize = 2 ** 48

/** A reader of one body in the chunked coding: RFC 9112, section 7.1, with CRLF only. */
export interface Chunks {
  state: ChunksState
  /** Missing bytes of the current chunk, or its size as far as it was read. */
  left: number
  digits: number
  extension: number
  trailer: Buffer
  /** Names of trailer fields that are for one connection only. */
  readonly named: ReadonlySet<string>
  /** White space behind a size is no error. */
  readonly allowPadding: boolean
  /** The trailer fields, once done; undefined where there are none. */
  trailers: Head | undefined
  /** Bytes that the last call of `decode` read, and bytes of data that it wrote. */
  read: number
  wrote: number
}

const none: ReadonlySet<string> = new Set()

/**
 * A reader at the start of a body. Trailers whose names are in `named`, from Connection, are dropped. Some old
 * servers pad the sizes of chunks with white space; `allowPadding` is for their responses, never for requests.
 */
export function chunks(named = none, allowPadding = false): Chunks {
  return {
    state: state.size,
    left: 0,
    digits: 0,
    extension: 0,
    trailer: Buffer.alloc(0),
    named,
    allowPadding,
    trailers: undefined,
    read: 0,
    wrote: 0,
  }
}

/** Whether the body was read to its end, with its trailers. */
export function isDone(body: Chunks): boolean {
  return body.state === state.done
}

/**
 * Decodes `bytes` from `from` on, until the body or the bytes end, and writes the data to `out` at `to`,
 * which must have room for all of it.
 *
 * @returns false where the coding is malformed
 */
export function decode(
  body: Chunks,
  bytes: Buffer,
  { from, out, to }: { readonly from: number; readonly out: Buffer; readonly to: number },
): boolean {
  let position = from
  let written = to
  while (position < bytes.length && body.state !== state.done) {
    if (body.state === state.data) {
      const part = Math.min(body.left, bytes.length - position)
      bytes.copy(out, written, position, position + part)
      position += part
      written += part
      body.left -= part
      if (body.left === 0) body.state = state.dataReturn
    } else if (body.state === state.trailers) {
      const used = readTrailers(body, bytes, position)
      if (used < 0) return false
      position += used
    } else if (!step(body, bytes[position++] as number)) return false
  }
  body.read = position - from
  body.wrote = written - to
  return true
}

/** Reads one byte of the framing. */
function step(body: Chunks, code: number): boolean {
  switch (body.state) {
    case state.size:
    case state.sizeMore:
      return stepSize(body, code)
    case state.extension:
      if (code === carriageReturn) body.state = state.sizeEnd
      else body.extension++
      return (
        code === carriageReturn ||
        (((classesOf[code] as number) & byteClass.value) !== 0 && body.extension <= maxExtension)
      )
    case state.sizeEnd:
      body.state = body.left === 0 ? state.trailers : state.data
      body.digits = 0
      body.extension = 0
      return code === lineFeed
    case state.dataReturn:
      body.state = state.dataEnd
      return code === carriageReturn
    default:
      body.state = state.size
      return code === lineFeed
  }
}

function stepSize(body: Chunks, code: number): boolean {
  const digit = hexDigit(code)
  if (digit >= 0 && body.state === state.size) {
    body.left = body.left * 16 + digit
    return ++body.digits <= maxDigits && body.left <= maxSize
  }
  if (body.digits === 0) return false
  // White space before an extension is allowed, though discouraged: RFC 9112, section 7.1.1.
  if (code === space || code === tab) {
    body.state = state.sizeMore
    return ++body.extension <= maxExtension
  }
  if (code === 0x3b) body.state = state.extension
  else if (code === carriageReturn && (body.state === state.size || body.allowPadding)) {
    body.state = state.sizeEnd
  } else return false
  return true
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Reads the trailer section; returns how many bytes it used, or −1 where it is malformed. */
function readTrailers(body: Chunks, bytes: Buffer, from: number): number {
  const before = body.trailer.length
  if (before === 0 && bytes[from] === carriageReturn && bytes[from + 1] === lineFeed) {
    body.state = state.done
    return 2
  }
  const section =
    before === 0 ? bytes.subarray(from) : Buffer.concat([body.trailer, bytes.subarray(from)])
  const head = emptyHead(64)
  const end = readFields(head, section, 0)
  if (end < 0 || (end === 0 && section.length > maxTrailer)) return -1
  if (end === 0) {
    body.trailer = Buffer.from(section)
    return bytes.length - from
  }
  body.state = state.done
  if (head.count > 0) {
    head.bytes = Buffer.from(section.subarray(0, end))
    dropNamed(head, body.named)
    body.trailers = head
  }
  return end - before
}
